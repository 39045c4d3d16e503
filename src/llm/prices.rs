//! What models cost: list prices as shipped, and those of the installation, which win.

use super::switchboard::Price;
use std::collections::HashMap;

/// `model input cached-input output`, US dollars for a million tokens.
const LIST: &str = include_str!("prices.txt");

/// Prices by the beginning of a model's name.
#[derive(Clone, Debug, Default)]
pub struct Prices(HashMap<String, Price>);

impl Prices {
    /// None is known.
    pub fn none() -> Self {
        Self::default()
    }

    /// The list prices that ship with this version.
    pub fn listed() -> Self {
        let prices = LIST
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let [model, input, cached, output] = words[..] else {
                    panic!("prices.txt: four words a line; a test reads it");
                };
                let number = |text: &str| text.parse().expect("prices.txt: a number");
                let price = Price {
                    input: number(input),
                    cached_input: number(cached),
                    output: number(output),
                };
                (model.to_owned(), price)
            })
            .collect();
        Self(prices)
    }

    /// With those of `text` instead of or beside the ones here: `model=input/cached/output`, separated by
    /// commas; the middle one may be left out.
    ///
    /// Fails with the entry that cannot be read.
    pub fn with(mut self, text: &str) -> Result<Self, String> {
        for entry in text.split(',').map(str::trim).filter(|e| !e.is_empty()) {
            let price = (|| {
                let (model, numbers) = entry.rsplit_once('=')?;
                let numbers: Vec<f64> = numbers
                    .split('/')
                    .map(|number| number.trim().parse().ok().filter(|n| *n >= 0.0))
                    .collect::<Option<_>>()?;
                let price = match numbers[..] {
                    [input, output] => Price {
                        input,
                        cached_input: input,
                        output,
                    },
                    [input, cached_input, output] => Price {
                        input,
                        cached_input,
                        output,
                    },
                    _ => return None,
                };
                Some((model.trim().to_owned(), price))
            })();
            let (model, price) = price.ok_or_else(|| entry.to_owned())?;
            self.0.insert(model, price);
        }
        Ok(self)
    }

    pub fn set(&mut self, model: &str, price: Price) {
        self.0.insert(model.to_owned(), price);
    }

    /// A model on this machine costs nothing; of the others, the longest name that `model` begins with
    /// counts: providers put dates behind their names.
    pub fn of(&self, provider: &str, model: &str) -> Option<Price> {
        let found = self
            .0
            .iter()
            .filter(|(name, _)| {
                model
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '@', ':']))
            })
            .max_by_key(|(name, _)| name.len())
            .map(|(_, price)| *price);
        match provider {
            "ollama" => found.or(Some(Price {
                input: 0.0,
                cached_input: 0.0,
                output: 0.0,
            })),
            _ => found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_counts_and_the_installation_wins() {
        let prices = Prices::listed()
            .with("gpt-4.1=1/0.25/4, house-model=0.1/0.2")
            .expect("two prices");
        for (provider, model, input) in [
            ("openai", "gpt-4.1", Some(1.0)),
            ("openai", "gpt-4.1-2025-04-14", Some(1.0)),
            ("openai", "gpt-4.1-mini", Some(0.4)),
            ("openai", "gpt-4.10", None),
            ("anthropic", "claude-sonnet-4-5-20250929", Some(3.0)),
            ("azure", "house-model", Some(0.1)),
            ("openai", "somebody's", None),
            ("ollama", "qwen2.5-coder:7b", Some(0.0)),
        ] {
            let found = prices.of(provider, model).map(|price| price.input);
            assert_eq!(found, input, "{provider} {model}");
        }
    }

    #[test]
    fn a_price_that_cannot_be_read_is_named() {
        for wrong in ["gpt", "gpt=1", "gpt=1/x", "gpt=1/2/3/4", "gpt=-1/2"] {
            let error = Prices::none().with(wrong).expect_err(wrong);
            assert_eq!(error, wrong);
        }
    }
}
