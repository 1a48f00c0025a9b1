//! What the vendor calls the permissions of a profile.

use http::Method;

use super::problem::{Outcome, no_permission};
use super::schema::Module;
use crate::call::Call;

/// Something that a profile allows on a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    View,
    Create,
    Edit,
    Delete,
}

/// Whether this module, as its caller sees it, lets them; else the vendor's 403.
pub fn check(module: &Module, right: Right) -> Outcome<()> {
    let (allowed, verb) = match right {
        Right::View => (module.viewable, "View"),
        Right::Create => (module.creatable, "Create"),
        Right::Edit => (module.editable, "Edit"),
        Right::Delete => (module.deletable, "Delete"),
    };
    if allowed { Ok(()) } else { Err(no_permission(&format!("Crm_Implied_{verb}_{}", module.api_name))) }
}

/// The permission that a request needs most.
pub fn of_call(call: &Call) -> &'static str {
    match call.method {
        Method::POST => "Crm_Implied_Create_Records",
        Method::PUT | Method::PATCH => "Crm_Implied_Edit_Records",
        Method::DELETE => "Crm_Implied_Delete_Records",
        _ => "Crm_Implied_View_Records",
    }
}
