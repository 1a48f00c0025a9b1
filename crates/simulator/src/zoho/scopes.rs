//! What a token may do: `ZohoCRM.modules.contacts.READ` and its wider forms.

use http::Method;

use crate::call::Call;

/// What a request needs: each entry must be granted.
pub fn needed(call: &Call) -> Vec<Need> {
    let part = |place: usize| call.segments.get(place + 2).map_or("", String::as_str);
    let verb = match call.method {
        Method::POST => "CREATE",
        Method::PUT | Method::PATCH => "UPDATE",
        Method::DELETE => "DELETE",
        _ => "READ",
    };
    if call.segments.get(1).is_some_and(|first| first == "bulk") {
        return vec![Need::new("bulk", "", "READ")];
    }
    let of_module = |name: &str, verb: &'static str| Need::new("modules", &name.to_lowercase(), verb);
    match (part(0), part(1), part(2)) {
        ("org", ..) => vec![Need::new("org", "", verb)],
        ("users", ..) => vec![Need::new("users", "", verb)],
        ("settings", of, _) => vec![Need::new("settings", of, verb)],
        ("coql", ..) => vec![Need::new("coql", "", "READ")],
        ("actions", "watch", _) => vec![Need::new("notifications", "", verb)],
        ("__composite_requests" | "upload" | "", ..) => Vec::new(),
        (module, "search", _) | (module, "actions", "count") => {
            vec![
                of_module(module, "READ"),
                Need { product: "ZohoSearch", ..Need::new("securesearch", "", "READ") },
            ]
        }
        (module, "upsert", _) => vec![of_module(module, "CREATE"), of_module(module, "UPDATE")],
        (module, "actions", _) | (module, _, "actions") => vec![of_module(module, "UPDATE")],
        (_, id, "Notes" | "Attachments") if !id.is_empty() => vec![of_module(part(2), verb)],
        (module, ..) => vec![of_module(module, verb)],
    }
}

/// One scope that a request needs.
#[derive(Clone, Debug)]
pub struct Need {
    product: &'static str,
    area: &'static str,
    what: String,
    verb: &'static str,
}

impl Need {
    fn new(area: &'static str, what: &str, verb: &'static str) -> Self {
        Self { product: "ZohoCRM", area, what: what.to_owned(), verb }
    }

    /// Whether one of the granted scopes covers it.
    pub fn is_granted(&self, scope: &str) -> bool {
        split(scope).any(|granted| self.is_covered_by(granted))
    }

    fn is_covered_by(&self, granted: &str) -> bool {
        let mut parts = granted.split('.');
        if parts.next() != Some(self.product) || parts.next() != Some(self.area) {
            return false;
        }
        let rest: Vec<&str> = parts.collect();
        let (what, verb) = match rest.as_slice() {
            [verb] => (None, *verb),
            [what, verb] => (Some(*what), *verb),
            _ => return false,
        };
        let is_custom = |what: &str| what == "custom" && self.area == "modules";
        let same = what.is_none_or(|what| what.eq_ignore_ascii_case(&self.what) || is_custom(what));
        let write = verb.eq_ignore_ascii_case("WRITE") && self.verb != "READ";
        same && (verb.eq_ignore_ascii_case("ALL") || verb.eq_ignore_ascii_case(self.verb) || write)
    }
}

/// The scopes of a list, whether commas or spaces divide it.
pub fn split(scope: &str) -> impl Iterator<Item = &str> {
    scope.split([',', ' ']).map(str::trim).filter(|scope| !scope.is_empty())
}

/// Whether a scope has a form that the vendor knows; others are refused on the consent page.
pub fn is_known(scope: &str) -> bool {
    let parts: Vec<&str> = scope.split('.').collect();
    let products = ["ZohoCRM", "ZohoSearch", "ZohoFiles", "AaaServer", "aaaserver"];
    let verbs = ["ALL", "READ", "CREATE", "UPDATE", "DELETE", "WRITE"];
    let last = parts.last().map(|verb| verb.to_uppercase()).unwrap_or_default();
    (3..=4).contains(&parts.len()) && products.contains(&parts[0]) && verbs.contains(&last.as_str())
}

/// What reading records of a module needs.
pub fn read_of(module: &str) -> Need {
    Need::new("modules", &module.to_lowercase(), "READ")
}
