//! Values in PostgreSQL's binary format, by the type that the server inferred: the SQL needs no casts.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::store::Value;

type Refusal = Box<dyn Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Refusal> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Int(value) => put_int(*value, kind, out)?,
            Self::Text(value) if <&str as ToSql>::accepts(kind) || *kind == Type::JSON => {
                out.extend_from_slice(value.as_bytes());
            }
            Self::Blob(value) if *kind == Type::BYTEA => out.extend_from_slice(value),
            other => return Err(format!("{} was given where {kind} is expected", other.kind()).into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn put_int(value: i64, kind: &Type, out: &mut BytesMut) -> Result<(), Refusal> {
    match *kind {
        Type::INT8 => out.extend_from_slice(&value.to_be_bytes()),
        Type::INT4 => out.extend_from_slice(&i32::try_from(value)?.to_be_bytes()),
        Type::INT2 => out.extend_from_slice(&i16::try_from(value)?.to_be_bytes()),
        Type::BOOL => {
            let bit = u8::try_from(value).ok().filter(|bit| *bit < 2).ok_or("a boolean is 0 or 1")?;
            out.extend_from_slice(&[bit]);
        }
        Type::NUMERIC => put_numeric(value, out),
        ref other => return Err(format!("an integer was given where {other} is expected").into()),
    }
    Ok(())
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Refusal> {
        Ok(match *kind {
            Type::INT8 | Type::INT4 | Type::INT2 | Type::OID | Type::BOOL => Self::Int(int(kind, raw)?),
            Type::NUMERIC => Self::Int(numeric(raw).ok_or("the number is not a 64 bit integer")?),
            Type::BYTEA => Self::Blob(raw.to_owned()),
            Type::VOID => Self::Null,
            _ if <&str as FromSql>::accepts(kind) || *kind == Type::JSON => {
                Self::Text(std::str::from_utf8(raw)?.to_owned())
            }
            ref other => return Err(format!("columns of type {other} are not used").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Refusal> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn int(kind: &Type, raw: &[u8]) -> Result<i64, Refusal> {
    Ok(match *kind {
        Type::INT8 => i64::from_sql(kind, raw)?,
        Type::INT4 => i32::from_sql(kind, raw)?.into(),
        Type::INT2 => i16::from_sql(kind, raw)?.into(),
        Type::OID => u32::from_sql(kind, raw)?.into(),
        _ => bool::from_sql(kind, raw)?.into(),
    })
}

const NEGATIVE: u16 = 0x4000;
const BASE: u64 = 10_000;

/// NUMERIC is what `sum` makes of integers: digits to the base 10000, the most significant first. The header is
/// the number of digits, the power of the first one, the sign, and how many decimals to show.
fn put_numeric(value: i64, out: &mut BytesMut) {
    let mut digits = Vec::new();
    let mut rest = value.unsigned_abs();
    while rest > 0 {
        digits.push(u16::try_from(rest % BASE).unwrap_or_default());
        rest /= BASE;
    }
    let count = u16::try_from(digits.len()).unwrap_or_default();
    let sign = if value < 0 { NEGATIVE } else { 0 };
    let header = [count, count.saturating_sub(1), sign, 0];
    for word in header.into_iter().chain(digits.into_iter().rev()) {
        out.extend_from_slice(&word.to_be_bytes());
    }
}

/// The integer, or `None` for decimals, not-a-number and what does not fit.
fn numeric(raw: &[u8]) -> Option<i64> {
    let words: Vec<u16> = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let (&[count, power, sign, _], digits) = words.split_first_chunk::<4>()?;
    let digits = digits.get(..usize::from(count))?;
    let power = i32::from(power.cast_signed());
    let mut sum: i128 = 0;
    for place in 0..=power.max(0) {
        let digit = usize::try_from(place).ok().and_then(|place| digits.get(place)).copied().unwrap_or(0);
        sum = sum.checked_mul(BASE.into())?.checked_add(digit.into())?;
    }
    let whole = if power < 0 { 0 } else { usize::try_from(power).ok()? + 1 };
    if power < 0 {
        sum = 0;
    }
    if digits.iter().skip(whole).any(|digit| *digit != 0) {
        return None;
    }
    match sign {
        0 => i64::try_from(sum).ok(),
        NEGATIVE => i64::try_from(-sum).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_survives_numeric() {
        for value in [0, 1, -1, 9_999, 10_000, -10_001, 100_000_000, i64::MAX, i64::MIN] {
            let mut raw = BytesMut::new();
            put_numeric(value, &mut raw);
            assert_eq!(numeric(&raw), Some(value));
        }
    }

    #[test]
    fn a_decimal_is_not_an_integer() {
        // 1.5: one whole digit, then 5000.
        assert_eq!(numeric(&[0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0x13, 0x88]), None);
        // 0.5
        assert_eq!(numeric(&[0, 1, 0xff, 0xff, 0, 0, 0, 1, 0x13, 0x88]), None);
        // not a number
        assert_eq!(numeric(&[0, 0, 0, 0, 0xc0, 0, 0, 0]), None);
    }
}
