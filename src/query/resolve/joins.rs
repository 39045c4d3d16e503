//! How joins put tables beside each other, and which columns they make one.

use super::from::factor_start;
use super::place::start_of_name;
use super::{Clause, Columns, Merge, Resolver, Scope};
use crate::query::Dialect;
use crate::query::types::Ty;
use sqlparser::ast::{Ident, Join, JoinConstraint, JoinOperator};
use sqlparser::tokenizer::Location;

impl Resolver<'_> {
    pub(super) fn join(&mut self, join: &Join, start: usize, scope: &mut Scope) {
        use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
        use JoinOperator as J;
        let middle = scope.relations.len();
        if join.global {
            self.unsupported("GLOBAL JOIN", Location::empty());
        }
        self.factor(&join.relation, scope);
        let at = factor_start(&join.relation);
        let all: &[Dialect] = &[Postgres, Sqlite, Mysql, Duckdb];
        // engines, constraint, whether a condition is needed
        let (engines, constraint, conditional) = match &join.join_operator {
            J::Join(constraint) | J::Inner(constraint) => (
                all,
                Some(constraint),
                matches!(self.dialect, Postgres | Duckdb),
            ),
            J::Left(constraint) | J::LeftOuter(constraint) => {
                (all, Some(constraint), self.dialect != Sqlite)
            }
            J::Right(constraint) | J::RightOuter(constraint) => {
                (all, Some(constraint), self.dialect != Sqlite)
            }
            J::FullOuter(constraint) => (
                &[Postgres, Sqlite, Duckdb][..],
                Some(constraint),
                self.dialect != Sqlite,
            ),
            J::CrossJoin(constraint) => {
                let constrained = !matches!(constraint, JoinConstraint::None);
                if constrained && matches!(self.dialect, Postgres | Duckdb) {
                    self.unsupported("CROSS JOIN with a condition", at);
                }
                (all, Some(constraint), false)
            }
            J::StraightJoin(constraint) => (&[Mysql][..], Some(constraint), false),
            J::Semi(constraint) | J::Anti(constraint) => (&[Duckdb][..], Some(constraint), true),
            J::LeftSemi(_)
            | J::RightSemi(_)
            | J::LeftAnti(_)
            | J::RightAnti(_)
            | J::CrossApply
            | J::OuterApply
            | J::AsOf { .. }
            | J::ArrayJoin
            | J::LeftArrayJoin
            | J::InnerArrayJoin => (&[][..], None, false),
        };
        if !engines.contains(&self.dialect) {
            self.unsupported("that kind of JOIN", at);
            return;
        }
        match constraint {
            None => {}
            Some(JoinConstraint::None) => {
                if conditional {
                    self.refuse("syntax_error", "JOIN needs a condition (ON or USING)", at);
                }
            }
            // SQLite reads it as part of WHERE, when all of FROM is known
            Some(JoinConstraint::On(_)) if self.dialect == Sqlite => {}
            Some(JoinConstraint::On(condition)) => {
                scope.visible_from = start;
                let mut outer =
                    std::mem::replace(&mut self.reading, super::Reading::new(Clause::On));
                self.scopes.push(std::mem::take(scope));
                self.condition(condition);
                *scope = self.scopes.pop().unwrap_or_default();
                std::mem::swap(&mut self.reading, &mut outer);
                scope.visible_from = 0;
            }
            Some(JoinConstraint::Using(names)) => {
                for name in names {
                    match name.0.as_slice() {
                        [part] => {
                            if let Some(ident) = part.as_ident() {
                                let key = self.column_key(ident);
                                self.merge(ident, &key, start, middle, scope);
                            }
                        }
                        _ => self.unsupported("a qualified name in USING", start_of_name(name)),
                    }
                }
            }
            Some(JoinConstraint::Natural) => {
                let mut keys: Vec<String> = Vec::new();
                for relation in &scope.relations[start..middle] {
                    for (output, _) in self.columns_of(&relation.columns) {
                        let shared = scope.relations[middle..]
                            .iter()
                            .any(|right| self.find_in(&right.columns, &output).is_some());
                        if shared && !keys.contains(&output) {
                            keys.push(output);
                        }
                    }
                }
                for key in keys {
                    self.merge(&Ident::new(key.clone()), &key, start, middle, scope);
                }
            }
        }
    }

    /// Makes the column `key` of both sides of a join one.
    fn merge(&mut self, ident: &Ident, key: &str, start: usize, middle: usize, scope: &mut Scope) {
        let having = |me: &Self, from: usize, to: usize| -> Vec<usize> {
            (from..to)
                .filter(|&index| me.find_in(&scope.relations[index].columns, key).is_some())
                .collect()
        };
        let end = scope.relations.len();
        let left = having(self, start, middle);
        let right = having(self, middle, end);
        let open = scope.relations[start..]
            .iter()
            .any(|relation| matches!(relation.columns, Columns::Open));
        if left.is_empty() || right.is_empty() {
            if !open {
                let side = if left.is_empty() { "left" } else { "right" };
                self.refuse(
                    "unknown_column",
                    format!("USING: the {side} side has no column `{}`", ident.value),
                    ident.span.start,
                );
            }
            return;
        }
        let merged_already = scope
            .merges
            .iter()
            .position(|merge| merge.key == key && left.iter().all(|l| merge.sides.contains(l)));
        if left.len() > 1 && merged_already.is_none() && self.dialect != Dialect::Sqlite {
            self.refuse(
                "ambiguous_column",
                format!("USING: several tables on the left have `{}`", ident.value),
                ident.span.start,
            );
        }
        if self.dialect == Dialect::Postgres {
            let ty = |index: usize| match &scope.relations[index].columns {
                Columns::Table(table) => self
                    .catalog
                    .table(*table)
                    .find(key)
                    .map_or(Ty::Any, |at| Ty::of(self.catalog.column((*table, at)).kind)),
                Columns::Derived(outputs) => outputs
                    .iter()
                    .find(|output| output.key == key)
                    .map_or(Ty::Any, |output| output.ty),
                Columns::Open => Ty::Any,
            };
            let (one, two) = (ty(left[0]), ty(right[0]));
            if one.clashes(two) {
                self.refuse(
                    "type_mismatch",
                    format!(
                        "USING cannot match `{}`: {} and {}",
                        ident.value,
                        one.shown(),
                        two.shown()
                    ),
                    ident.span.start,
                );
            }
        }
        for &index in left.iter().chain(&right) {
            if let Columns::Table(table) = scope.relations[index].columns
                && let Some(column) = self.catalog.table(table).find(key)
            {
                self.read((table, column));
            }
        }
        match merged_already {
            Some(at) => scope.merges[at].sides.extend(right),
            None => {
                let mut sides = left;
                if self.dialect == Dialect::Sqlite {
                    // only the first is meant; the others stay apart
                    sides.truncate(1);
                }
                sides.extend(right);
                scope.merges.push(Merge {
                    key: key.to_owned(),
                    sides,
                });
            }
        }
    }

    /// Keys and names, in order.
    pub(super) fn columns_of(&self, columns: &Columns) -> Vec<(String, String)> {
        match columns {
            Columns::Table(id) => self
                .catalog
                .table(*id)
                .columns
                .iter()
                .map(|column| (column.key.clone(), column.name.clone()))
                .collect(),
            Columns::Derived(outputs) => outputs
                .iter()
                .map(|output| (output.key.clone(), output.name.clone()))
                .collect(),
            Columns::Open => Vec::new(),
        }
    }
}
