//! What counts for how much.
//!
//! Tuned by coordinate descent on one half of the questions that `benches/recall.rs` reads, and then rounded; the other
//! half gained as much, and most of these may be halved or doubled for less than a point.

use super::index::Field;

#[derive(Clone, Copy, Debug)]
pub(super) struct Weights {
    /// A word of the question in the table's name.
    pub table_name: f32,
    pub table_synonym: f32,
    pub table_description: f32,
    pub column_name: f32,
    pub column_synonym: f32,
    pub column_description: f32,
    /// In the name of the schema that a table belongs to; counts for the schema only.
    pub namespace: f32,
    /// In the data.
    pub value: f32,
    /// What a word keeps of its worth where the rest of the name is not mentioned.
    pub partial: f32,
    /// What a second match of the same concept in a table adds, of its worth.
    pub second: f32,
    /// The schema's evidence, against the table's own.
    pub group: f32,
    /// How much a schema of many columns is held back: it matches more by chance.
    pub group_size: f32,
    /// A schema with little evidence keeps (its evidence / the best)^this of its tables' scores.
    pub group_rivalry: f32,
    /// What is left of `group` and `group_rivalry` where the groups are guessed from foreign keys.
    pub guessed: f32,
    /// What a table inherits of its best neighbour's score.
    pub neighbour: f32,
    /// A word in quotation marks: a value, hardly a name.
    pub quoted: f32,
    /// A word with a capital: perhaps a name of something in the data.
    pub capital: f32,
    /// "directly", "specifically".
    pub adverb: f32,
    /// Trust in a synonym where the schema has the word itself too.
    pub synonym_beside: f32,
    /// Trust in a synonym where the schema lacks the word.
    pub synonym_instead: f32,
    /// Trust in a word with its vowels left out.
    pub skeleton: f32,
    /// Trust in what kind of thing a name is: a country, for France.
    pub kind: f32,
    /// What a concept gets of a term that another concept names better.
    pub taken: f32,
    /// How much rarer than the word itself its synonym may be.
    pub above: f32,
    /// The nearness of a table's vector, against the best table by words.
    pub dense_table: f32,
    /// The nearness of a schema's best three, against the best schema by words.
    pub dense_group: f32,
    /// How steeply nearness falls off from the nearest table.
    pub dense_power: f32,
    /// Weight of meaning when words explain everything ...
    pub dense_least: f32,
    /// ... and what is added when they explain nothing.
    pub dense_doubt: f32,
    /// The nearest of many stands out by some standard deviations even by chance. Meaning counts in a catalogue from
    /// so many fewer than that ...
    pub dense_peak: f32,
    /// ... and in full so many more above. Below, the model does not know the language or the subject.
    pub dense_range: f32,
    /// What meaning keeps of its weight where words point to another schema altogether.
    pub dense_alone: f32,
    /// Two words of at most this cosine are not taken for one another ...
    pub meant_from: f32,
    /// ... of this one and more they are, ...
    pub meant_to: f32,
    /// ... with this trust, ...
    pub meant: f32,
    /// ... of which this is left where the schema has the word itself or a known synonym.
    pub meant_beside: f32,
    /// What two words side by side count for that together mean a name.
    pub pair: f32,
    /// Below this cosine meaning alone finds nothing.
    pub least_cosine: f32,
    /// Tables below this part of the best are cut.
    pub cut: f32,
    /// The same where several schemas are searched as one: there all tables of the right schema score high.
    pub cut_merged: f32,
    /// The same in a schema that could be shown whole.
    pub cut_small: f32,
}

pub(super) const WEIGHTS: Weights = Weights {
    table_name: 1.0,
    table_synonym: 1.0,
    table_description: 0.5,
    column_name: 0.6,
    column_synonym: 0.6,
    column_description: 0.35,
    namespace: 0.6,
    value: 0.8,
    partial: 0.5,
    second: 0.05,
    group: 1.6,
    group_size: 0.1,
    group_rivalry: 0.5,
    guessed: 0.5,
    neighbour: 0.15,
    quoted: 0.15,
    capital: 0.85,
    adverb: 0.9,
    synonym_beside: 0.8,
    synonym_instead: 1.0,
    skeleton: 0.8,
    kind: 0.8,
    taken: 0.25,
    above: 0.25,
    dense_table: 0.7,
    dense_group: 0.25,
    dense_power: 1.8,
    dense_least: 0.4,
    dense_doubt: 1.0,
    dense_peak: 0.7,
    dense_range: 2.5,
    dense_alone: 0.7,
    meant_from: 0.45,
    meant_to: 0.85,
    meant: 0.7,
    meant_beside: 0.65,
    pair: 0.6,
    least_cosine: 0.4,
    cut: 0.05,
    cut_merged: 0.4,
    cut_small: 0.02,
};

impl Weights {
    pub fn of(&self, field: Field) -> f32 {
        match field {
            Field::TableName => self.table_name,
            Field::TableSynonym => self.table_synonym,
            Field::TableDescription => self.table_description,
            Field::ColumnName => self.column_name,
            Field::ColumnSynonym => self.column_synonym,
            Field::ColumnDescription => self.column_description,
            Field::Namespace => self.namespace,
        }
    }
}
