//! Weights in a safetensors file, and the two things done with them: a linear map and a normalisation.

use serde_json::Value;

/// A safetensors file: eight bytes of length, that much JSON, then numbers.
pub(super) struct Tensors<'a> {
    header: Value,
    data: &'a [u8],
}

impl<'a> Tensors<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, String> {
        let (length, rest) = bytes
            .split_first_chunk::<8>()
            .ok_or("model.safetensors is too short")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|e| e.to_string())?;
        let header = rest.get(..length).ok_or("model.safetensors is cut off")?;
        Ok(Self {
            header: serde_json::from_slice(header)
                .map_err(|e| format!("model.safetensors: {e}"))?,
            data: &rest[length..],
        })
    }

    pub fn get(&self, name: &str) -> Result<Vec<f32>, String> {
        // some models keep the encoder under a name of its own
        let entry = [name.to_owned(), format!("bert.{name}")]
            .iter()
            .find_map(|name| self.header.get(name))
            .ok_or_else(|| format!("no weights called {name}"))?;
        if entry["dtype"] != "F32" {
            return Err(format!(
                "{name} is of type {}, F32 is needed",
                entry["dtype"]
            ));
        }
        let end = |n: usize| {
            entry["data_offsets"][n]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
        };
        let bytes = end(0)
            .zip(end(1))
            .and_then(|(from, to)| self.data.get(from..to))
            .ok_or_else(|| format!("{name} lies outside the file"))?;
        Ok(bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|four| f32::from_le_bytes(*four))
            .collect())
    }

    pub fn linear(&self, name: &str, from: usize, to: usize) -> Result<Linear, String> {
        let weight = self.get(&format!("{name}.weight"))?;
        let bias = self.get(&format!("{name}.bias"))?;
        if weight.len() != from * to || bias.len() != to {
            return Err(format!("{name} has another shape than {from} to {to}"));
        }
        Ok(Linear::new(&weight, bias, from))
    }

    pub fn norm(&self, name: &str, size: usize, eps: f32) -> Result<Norm, String> {
        let weight = self.get(&format!("{name}.weight"))?;
        let bias = self.get(&format!("{name}.bias"))?;
        if weight.len() != size || bias.len() != size {
            return Err(format!("{name} has another size than {size}"));
        }
        Ok(Norm { weight, bias, eps })
    }
}

/// Outputs computed together, so that each input is read once for all of them.
const LANES: usize = 32;

/// `y = W x + b` for each row of `x`.
pub(super) struct Linear {
    /// In panels of [`LANES`] outputs: for each input, the weights of all outputs of the panel side by side.
    panels: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Linear {
    /// `weight` has one row of `inputs` numbers for each output.
    fn new(weight: &[f32], bias: Vec<f32>, inputs: usize) -> Self {
        let outputs = bias.len();
        let mut panels = vec![0.0; outputs.div_ceil(LANES) * LANES * inputs];
        for output in 0..outputs {
            let panel = &mut panels[output / LANES * LANES * inputs..];
            for input in 0..inputs {
                panel[input * LANES + output % LANES] = weight[output * inputs + input];
            }
        }
        Self {
            panels,
            bias,
            inputs,
        }
    }

    pub fn fingerprint(&self) -> u32 {
        let some = self.panels.iter().step_by(61).chain(&self.bias);
        some.fold(0x811c_9dc5, |sum: u32, x| {
            (sum ^ x.to_bits()).wrapping_mul(0x0100_0193)
        })
    }

    pub fn apply(&self, x: &[f32]) -> Vec<f32> {
        let outputs = self.bias.len();
        let rows = x.len() / self.inputs;
        let mut y = vec![0.0; rows * outputs];
        for (number, panel) in self.panels.chunks_exact(LANES * self.inputs).enumerate() {
            let from = number * LANES;
            let to = (from + LANES).min(outputs);
            for row in 0..rows {
                let x = &x[row * self.inputs..][..self.inputs];
                let mut sums = [0.0f32; LANES];
                for (x, weights) in x.iter().zip(panel.as_chunks::<LANES>().0) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += x * weight;
                    }
                }
                let y = &mut y[row * outputs + from..row * outputs + to];
                for ((y, sum), bias) in y.iter_mut().zip(sums).zip(&self.bias[from..to]) {
                    *y = sum + bias;
                }
            }
        }
        y
    }
}

/// Each row brought to mean 0 and variance 1, then scaled and shifted.
pub(super) struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    eps: f32,
}

impl Norm {
    pub fn apply(&self, x: &mut [f32]) {
        let size = self.weight.len();
        for row in x.chunks_exact_mut(size) {
            let mean = row.iter().sum::<f32>() / size as f32;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / size as f32;
            let scale = 1.0 / (variance + self.eps).sqrt();
            for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *x = (*x - mean) * scale * weight + bias;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_map_multiplies_whatever_the_sizes() {
        for (inputs, outputs) in [(1, 1), (3, 5), (7, 32), (4, 70)] {
            let weight: Vec<f32> = (0..inputs * outputs)
                .map(|n| (n % 11) as f32 - 5.0)
                .collect();
            let bias: Vec<f32> = (0..outputs).map(|n| n as f32).collect();
            let x: Vec<f32> = (0..2 * inputs).map(|n| (n % 5) as f32).collect();
            let y = Linear::new(&weight, bias.clone(), inputs).apply(&x);
            for row in 0..2 {
                for output in 0..outputs {
                    let dot: f32 = (0..inputs)
                        .map(|i| x[row * inputs + i] * weight[output * inputs + i])
                        .sum();
                    assert_eq!(
                        y[row * outputs + output],
                        dot + bias[output],
                        "{inputs} to {outputs}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        for bytes in [
            &b""[..],
            b"\x02\0\0\0\0\0\0\0",
            b"\xff\xff\xff\xff\xff\xff\xff\xff{}",
        ] {
            assert!(Tensors::new(bytes).is_err());
        }
        let empty = Tensors::new(b"\x02\0\0\0\0\0\0\0{}").expect("a file without tensors");
        assert!(empty.get("x").is_err());
    }
}
