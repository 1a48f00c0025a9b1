//! What a browser brings back from a CRM.

/// The query of the address that the CRM sent the browser to, and the cookie that ties it to the flow. All of it comes from
/// outside: anybody can make a browser come with any query.
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// Names and values, in their order.
    pub query: Vec<(String, String)>,
    /// The cookie of the browser.
    pub browser: Option<String>,
}

impl Callback {
    /// The value of that name; none if it is empty or stands there more than once.
    fn value(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty());
        value.filter(|_| found.next().is_none())
    }

    /// Names the flow; empty for none.
    pub(super) fn state(&self) -> &str {
        self.value("state").unwrap_or_default()
    }

    /// The code; or the CRM's words, if access was not granted.
    pub(super) fn code(&self) -> Result<&str, String> {
        let said = match (self.value("error"), self.value("error_description")) {
            (Some(code), Some(words)) => Some(format!("{words} ({code})")),
            (code, words) => words.or(code).map(str::to_owned),
        };
        match (self.value("code"), said) {
            (Some(code), None) => Ok(code),
            (_, said) => Err(said.unwrap_or_else(|| "no code came back".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &[(&str, &str)]) -> Callback {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Callback { query, browser: None }
    }

    #[test]
    fn a_code_counts_only_if_it_stands_alone_and_nothing_was_refused() {
        assert_eq!(of(&[("state", "s"), ("code", "c")]).code(), Ok("c"));
        assert_eq!(of(&[("code", "c"), ("code", "d")]).code(), Err("no code came back".to_owned()));
        assert_eq!(of(&[("state", "a"), ("state", "b")]).state(), "");
        let refused = [("error", "access_denied"), ("error_description", "No"), ("code", "c")];
        assert_eq!(of(&refused).code(), Err("No (access_denied)".to_owned()));
    }
}
