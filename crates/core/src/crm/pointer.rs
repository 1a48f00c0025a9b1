//! A record as a person names it: by its id, or by the address at which they look at it.

/// Where a person points: a record of any kind, whether or not it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The CRM's own name of its kind; empty where neither id nor address tells it.
    pub kind: String,
    /// Its id in the CRM's longest form.
    pub id: String,
}

/// Why a text points at no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerRefused {
    /// It is neither the id of a record nor the address of one.
    NoRecord,
    /// It is the address of a record of another organisation.
    OtherOrg,
}
