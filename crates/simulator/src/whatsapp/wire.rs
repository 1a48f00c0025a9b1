//! The bytes of a request: JSON as Meta writes it, and the signature over it.
//!
//! Meta writes every character beyond ASCII as `\uXXXX` (lower-case digits) and a slash as `\/`. A receiver that parses
//! a body and writes it anew before it checks the signature gets other bytes; these show it.

use std::io;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::{
    Value, json,
    ser::{CompactFormatter, Formatter, Serializer},
};
use sha2::Sha256;

use super::Sender;

/// The bytes of a request that tells changes of several numbers; those of one business account share an entry.
pub fn body(changes: &[(&Sender, Vec<Value>)]) -> Vec<u8> {
    let mut entries: Vec<(&str, Vec<&Value>)> = Vec::new();
    for (sender, changes) in changes {
        match entries.iter_mut().find(|(id, _)| *id == sender.waba_id) {
            Some((_, known)) => known.extend(changes),
            None => entries.push((&sender.waba_id, changes.iter().collect())),
        }
    }
    let entries: Vec<Value> =
        entries.into_iter().map(|(id, changes)| json!({"id": id, "changes": changes})).collect();
    write(&json!({"object": "whatsapp_business_account", "entry": entries}))
}

/// The value of `X-Hub-Signature-256`: `sha256=` and the HMAC of the bytes in hex.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key may have any length");
    let digest = mac.chain_update(body).finalize().into_bytes();
    digest.iter().fold(String::from("sha256="), |text, byte| format!("{text}{byte:02x}"))
}

/// JSON as Meta writes it.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, AsMeta(CompactFormatter));
    value.serialize(&mut serializer).expect("memory takes every byte, and a Value's keys are text");
    bytes
}

struct AsMeta(CompactFormatter);

impl Formatter for AsMeta {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        for letter in text.chars() {
            match letter {
                '/' => writer.write_all(b"\\/")?,
                ' '..='~' => self.0.write_string_fragment(writer, letter.encode_utf8(&mut [0; 4]))?,
                _ => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}
