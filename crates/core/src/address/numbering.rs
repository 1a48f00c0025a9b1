//! The door to libphonenumber: one number as the world's numbering plans see it.
//!
//! The only file besides `region` that knows the library (`rlibphonenumber`, a port of Google's libphonenumber with its
//! metadata). It is handed digits, never free text: what to do with letters, extensions and second numbers is decided
//! before, because libphonenumber reads unknown words as keypad letters.

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType};

use super::phone::Region;

/// No number is longer with its country code and prefixes; libphonenumber gives up at 17 national digits.
const MAX_DIGITS: usize = 25;

/// A number that has a country, valid or not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number(PhoneNumber);

impl Number {
    /// Reads digits that begin with a country code.
    pub(super) fn international(digits: &str) -> Option<Self> {
        Self::parse(&format!("+{digits}"), None)
    }

    /// Reads digits as they are dialled in `region`: with trunk prefix, international prefix, carrier code, or the
    /// country code without `+`.
    pub(super) fn dialled(digits: &str, region: Region) -> Option<Self> {
        Self::parse(digits, Some(region))
    }

    /// The number with this calling code and these national digits.
    pub(super) fn of(calling_code: u16, national: &str) -> Option<Self> {
        Self::international(&format!("{calling_code}{national}"))
    }

    fn parse(text: &str, region: Option<Region>) -> Option<Self> {
        if text.len() > MAX_DIGITS {
            return None;
        }
        PHONE_NUMBER_UTIL.parse(text, region.map(Region::library)).ok().map(Self)
    }

    /// `+` and digits, nothing else.
    pub(super) fn e164(&self) -> String {
        self.0.format_as(PhoneNumberFormat::E164).into_owned()
    }

    /// The calling code, 81 in `+81 90-1234-5678`.
    pub(super) fn calling_code(&self) -> u16 {
        u16::try_from(self.0.country_code).unwrap_or_default()
    }

    /// The national significant number: what follows the calling code, leading Italian zeros included.
    pub(super) fn national(&self) -> String {
        self.0.get_national_significant_number()
    }

    /// `+81 90-1234-5678`.
    pub(super) fn international_format(&self) -> String {
        self.0.format_as(PhoneNumberFormat::International).into_owned()
    }

    /// `090-1234-5678`, with the trunk prefix where the country has one.
    pub(super) fn national_format(&self) -> String {
        self.0.format_as(PhoneNumberFormat::National).into_owned()
    }

    /// Whether the numbering plan has handed out this range. Not whether "region X" has: people move, and the
    /// libphonenumber FAQ warns against that gate.
    pub(super) fn is_valid(&self) -> bool {
        self.fits_e164() && self.0.is_valid()
    }

    /// Whether the length could be right, area code included. Very wide in some countries.
    pub(super) fn is_possible(&self) -> bool {
        self.fits_e164() && matches!(self.0.is_possible_with_reason(), Ok(NumberLengthType::IsPossible))
    }

    /// At most 15 digits with the country code (ITU-T E.164). Some countries dial longer ones at home.
    fn fits_e164(&self) -> bool {
        self.e164().len() <= 1 + 15
    }

    /// Whether the call costs the caller nothing, which makes it a company's number, never a person's.
    pub(super) fn is_toll_free(&self) -> bool {
        self.0.get_type() == PhoneNumberType::TollFree
    }

    /// Whether all national digits are the same and the number is not valid: `+1 000 000 0000` and its kind are typed
    /// to get past a form.
    pub(super) fn is_filler(&self) -> bool {
        !self.is_valid() && is_monotone(&self.national())
    }

    /// The country, or the main one of the calling code when no country claims the number.
    pub(super) fn region(&self) -> Option<Region> {
        let claimed = self.0.get_region_code();
        let main = || PHONE_NUMBER_UTIL.get_region_for_country_code(self.0.country_code);
        claimed.or_else(main).and_then(Region::from_library)
    }
}

/// At least seven digits, all the same. Shorter ones can be internal numbers (111).
pub(super) fn is_monotone(digits: &str) -> bool {
    let mut chars = digits.chars();
    let first = chars.next();
    digits.len() >= 7 && chars.all(|c| Some(c) == first)
}
