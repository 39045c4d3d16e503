//! From a draft to the plan: what joins in, and what stands in a query of its own.

use super::assemble::Draft;
use super::{Filter, Outcome, Planner, place};
use crate::builtin::catalogue::TableId;
use crate::builtin::plan::{Condition, Expr, Join, Place, Plan};
use crate::builtin::reading::{Aggregate, At};

impl Planner<'_> {
    pub(super) fn finish(mut self, draft: Draft, home: TableId, unread: Vec<At>) -> Outcome {
        let mut plan = Plan {
            distinct: draft.distinct && draft.measures.is_empty(),
            limit: draft.limit,
            offset: draft.offset,
            over_groups: draft.over_groups,
            ..Plan::default()
        };
        let only_above = !draft.above.is_empty() && !self.reading.values.is_empty();
        for expr in draft
            .outputs
            .iter()
            .filter(|_| !only_above)
            .chain(&draft.above)
        {
            plan.select.push((expr.clone(), None));
        }
        if let Some((expr, grain)) = &draft.grain {
            plan.select
                .push((expr.clone(), Some(grain.name().to_owned())));
            plan.group.push(expr.clone());
        }
        for (expr, name) in &draft.measures {
            plan.select.push((expr.clone(), Some(name.clone())));
        }
        plan.group.extend(draft.groups.iter().cloned());
        plan.having = draft.having.clone();
        plan.order = draft.order.clone();
        plan.within = draft.within.clone();
        // DISTINCT can only be ordered by what it shows
        if plan.distinct {
            for (expr, _) in &draft.order {
                if !plan
                    .select
                    .iter()
                    .any(|(shown, _)| shown == expr || matches!(shown, Expr::Star(_)))
                {
                    plan.select.push((expr.clone(), None));
                }
            }
        }
        let mut places = Vec::new();
        plan.select
            .iter()
            .for_each(|(expr, _)| expr.places(&mut places));
        plan.group.iter().for_each(|expr| expr.places(&mut places));
        plan.order
            .iter()
            .for_each(|(expr, _)| expr.places(&mut places));
        plan.within.iter().for_each(|expr| expr.places(&mut places));
        plan.having
            .iter()
            .for_each(|condition| condition.places(&mut places));
        let mut main: Vec<TableId> = vec![draft.root];
        for place in places {
            if place.role == 0 && !main.contains(&place.table) {
                main.push(place.table);
            }
        }
        // conditions that are reached without multiplying rows join in, the others stand in EXISTS
        let mut apart: Vec<Filter> = Vec::new();
        for filter in &draft.filters {
            let mut with = main.clone();
            with.extend(filter.tables.iter().copied());
            let outside: Vec<TableId> = filter
                .tables
                .iter()
                .copied()
                .filter(|table| !main.contains(table))
                .collect();
            if outside.is_empty() {
                plan.filters.push(filter.condition.clone());
                continue;
            }
            let Some(tree) = self.tree(draft.root, &with) else {
                let name = self.table_name(outside[0]);
                return Outcome::NotUnderstood(format!(
                    "I am the built-in generator; I could not find how {name} is connected with {}.",
                    self.table_name(draft.root)
                ));
            };
            let base_steps = self
                .tree(draft.root, &main)
                .map_or(0, |tree| tree.steps.len());
            let grows = tree.steps[base_steps.min(tree.steps.len())..]
                .iter()
                .any(|step| self.graph().multiplies(*step));
            if grows || filter.alone {
                apart.push(filter.clone());
            } else {
                for table in outside {
                    main.push(table);
                }
                plan.filters.push(filter.condition.clone());
            }
        }
        // "bought Rock but not Jazz": no row is both, so what is excluded must be absent altogether
        let (excluded, mut apart): (Vec<Filter>, Vec<Filter>) = {
            let columns: Vec<Expr> = apart
                .iter()
                .filter_map(|filter| match &filter.condition {
                    Condition::OneOf {
                        column,
                        negated: false,
                        ..
                    } => Some(column.clone()),
                    _ => None,
                })
                .collect();
            apart.into_iter().partition(|filter| {
                matches!(&filter.condition, Condition::OneOf { column, negated: true, .. } if columns.contains(column))
            })
        };
        let anchor = if main.contains(&home) {
            home
        } else {
            draft.root
        };
        let loose: Vec<TableId> = draft
            .required
            .iter()
            .copied()
            .filter(|table| !main.contains(table))
            .collect();
        let together: Vec<Filter> = apart
            .iter()
            .filter(|filter| !filter.alone)
            .cloned()
            .collect();
        // each of those that stand apart is to be true together with the rest
        let mut to_exist: Vec<Vec<Filter>> = apart
            .iter()
            .filter(|filter| filter.alone)
            .map(|filter| {
                let mut group = vec![filter.clone()];
                group.extend(together.iter().cloned());
                group
            })
            .collect();
        if to_exist.is_empty() && !together.is_empty() {
            to_exist.push(together);
        }
        let mut covered: Vec<TableId> = Vec::new();
        for group in to_exist {
            let target = group[0].tables[0];
            covered.extend(
                group
                    .iter()
                    .flat_map(|filter| filter.tables.iter().copied()),
            );
            let mut condition = self.exists(anchor, target, &group, false);
            if condition.is_none() {
                // branches that do not share a path each stand alone
                for filter in &group {
                    match self.exists(
                        anchor,
                        filter.tables[0],
                        std::slice::from_ref(filter),
                        false,
                    ) {
                        Some(one) => plan.filters.push(one),
                        None => self.doubt(0.4, "one of the conditions could not be joined in"),
                    }
                }
                condition = None;
            }
            plan.filters.extend(condition);
        }
        for mut filter in excluded {
            if let Condition::OneOf { negated, .. } = &mut filter.condition {
                *negated = false;
            }
            let target = filter.tables[0];
            match self.exists(anchor, target, std::slice::from_ref(&filter), true) {
                Some(condition) => plan.filters.push(condition),
                None => self.doubt(0.4, "one of the conditions could not be joined in"),
            }
            apart.push(filter);
        }
        let is_percent = draft.measures.iter().any(|(_, name)| name == "percent");
        for table in loose {
            if covered.contains(&table) || main.contains(&table) {
                continue;
            }
            if is_percent && self.points_to(draft.root, table) {
                main.push(table);
                continue;
            }
            // "students who have friends": a row must be there
            let Some(tree) = self.tree(anchor, &[table]) else {
                continue;
            };
            let on_path = apart.iter().any(|filter| {
                filter.tables.iter().any(|target| {
                    self.tree(anchor, &[*target])
                        .is_some_and(|path| path.steps.iter().any(|step| step.to == table))
                })
            });
            let to_many = tree.steps.iter().any(|step| self.graph().multiplies(*step));
            let absent = plan.filters.iter().any(|filter| matches!(filter, Condition::Exists { negated: true, query, .. } if query.from.is_some_and(|place| place.table == table) || query.joins.iter().any(|join| join.to.table == table)));
            if to_many
                && !on_path
                && !absent
                && tree.steps.len() <= 2
                && let Some(condition) = self.exists(anchor, table, &[], false)
            {
                plan.filters.push(condition);
            } else if to_many && !on_path && !absent {
                let (what, of) = (self.plural(table), self.plural(anchor));
                self.doubt(
                    0.4,
                    format!("I did not use the {what}: they are too far from the {of}"),
                );
            }
        }
        let Some(tree) = self.tree(draft.root, &main) else {
            let names: Vec<String> = main.iter().map(|table| self.table_name(*table)).collect();
            return Outcome::NotUnderstood(format!(
                "I am the built-in generator; I could not find how {} are connected.",
                names.join(" and ")
            ));
        };
        plan.from = Some(place(draft.root));
        if let Some(edge) = &draft.self_join {
            let to = Place {
                table: edge.parent,
                role: 1,
            };
            plan.joins.push(Join {
                from: place(edge.child),
                to,
                edge: edge.clone(),
                left: !only_above && !draft.above.is_empty(),
            });
        }
        for step in &tree.steps {
            let edge = self.graph().edges[step.edge].clone();
            plan.joins.push(Join {
                from: place(step.from),
                to: place(step.to),
                edge,
                left: is_percent,
            });
        }
        if tree.ambiguous {
            self.doubt(
                0.12,
                "two foreign keys lead to the same table; I took the first",
            );
        }
        if tree.guessed {
            self.doubt(
                0.08,
                "no declared foreign key joins the tables, so I matched their column names",
            );
        }
        // rows multiplied by a join are counted once
        let multiplied = tree.steps.iter().any(|step| self.graph().multiplies(*step));
        if multiplied {
            let key = &self.catalogue().tables[draft.root].key;
            if let [key] = key.as_slice() {
                let once = Expr::CountDistinct(Box::new(place(draft.root).column(*key)));
                let swap = |expr: &mut Expr| {
                    if *expr == Expr::CountAll {
                        *expr = once.clone();
                    }
                };
                plan.select.iter_mut().for_each(|(expr, _)| swap(expr));
                plan.order.iter_mut().for_each(|(expr, _)| swap(expr));
                for condition in &mut plan.having {
                    if let Condition::Compare(left, ..) = condition {
                        swap(left);
                    }
                }
            }
            if draft.measures.is_empty() && draft.groups.is_empty() && !plan.distinct {
                plan.distinct = draft
                    .order
                    .iter()
                    .all(|(expr, _)| plan.select.iter().any(|(shown, _)| shown == expr));
            }
            if draft.measures.iter().any(|(expr, _)| {
                matches!(
                    expr,
                    Expr::Aggregate(Aggregate::Sum | Aggregate::Average, _)
                )
            }) {
                self.doubt(0.3, "the joins may count some rows more than once");
            }
        }
        let to_average = draft.to_average.clone().and_then(|(comparator, of)| {
            let shown = match of {
                Some(expr) => (expr, "number".to_owned()),
                None => draft.measures.first().cloned()?,
            };
            Some((comparator, shown))
        });
        if let Some((comparator, (shown, name))) = to_average {
            let of_each = Plan {
                select: vec![(shown.clone(), Some(name))],
                order: Vec::new(),
                limit: None,
                over_groups: Some(Aggregate::Average),
                ..plan.clone()
            };
            plan.having.push(Condition::Compare(
                shown,
                comparator,
                Expr::Query(Box::new(of_each)),
            ));
        }
        self.judged(plan, unread)
    }
}
