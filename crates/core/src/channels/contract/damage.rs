//! Damage to payloads: the same in every run.

use serde_json::Value;

/// Chance from a seed (SplitMix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).expect("a length")).expect("below a length")
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// Cuts, repeats, overwrites or inserts bytes anywhere.
    pub(super) fn damage_bytes(&mut self, body: &mut Vec<u8>) {
        let (one, other) = (self.below(body.len() + 1), self.below(body.len() + 1));
        let (start, end) = (one.min(other), one.max(other).min(one.min(other) + 40));
        match self.below(5) {
            0 => drop(body.drain(start..end)),
            1 => body.truncate(one),
            2 => {
                let piece = body[start..end].to_vec();
                body.splice(start..start, piece);
            }
            3 if !body.is_empty() => {
                let place = self.below(body.len());
                body[place] = self.next().to_le_bytes()[0];
            }
            _ => {
                let words = [
                    "\0", "\"", "\\u0000", "\\ud83d", "{", "}", "[", "]", ",", ":", "null", "1e999", "日本",
                    "\\",
                ];
                body.splice(one..one, self.pick(&words).bytes());
            }
        }
    }

    /// Puts a value of another type, an odd one, or nothing in the place of some value.
    pub(super) fn damage_values(&mut self, body: &mut Vec<u8>) {
        let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return };
        let mut spot = &mut value;
        loop {
            let deeper = match spot {
                Value::Object(object) => object.len(),
                Value::Array(list) => list.len(),
                _ => 0,
            };
            if deeper == 0 || self.below(8) == 0 {
                break;
            }
            let chosen = self.below(deeper);
            spot = match spot {
                Value::Object(object) => object.values_mut().nth(chosen).expect("a member"),
                Value::Array(list) => &mut list[chosen],
                _ => unreachable!("only these hold values"),
            };
        }
        let odd = self.pick(&[
            "null",
            "true",
            "0",
            "-1",
            "18446744073709551615",
            "1e300",
            "0.5",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "[{}]",
            "{\"id\":1}",
            "\"+\"",
            "\"US.1\"",
            "\"system\"",
            "\"contacts\"",
            "\"99999999999999\"",
        ]);
        *spot = serde_json::from_str(odd).expect("JSON");
        *body = value.to_string().into_bytes();
    }
}
