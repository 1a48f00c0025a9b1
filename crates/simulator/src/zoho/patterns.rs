//! The published shapes of phone numbers, addresses and e-mail addresses.

/// Whether a text may stand in a phone field: groups of letters and digits, some in parentheses, each after at most
/// one dot or hyphen and one space, behind an optional plus; then perhaps a pause and an extension.
pub fn is_phone(text: &str) -> bool {
    let mut rest = Scan(text.strip_prefix('+').unwrap_or(text).as_bytes());
    if !rest.peek(|byte| byte.is_ascii_alphanumeric() || byte == b'(') {
        return false;
    }
    let mut groups = 0;
    while rest.parenthesised() || rest.group() {
        groups += 1;
    }
    while rest.peek(|byte| byte == b',' || byte == b';') {
        let before = rest;
        rest.skip_while(|byte| byte == b',');
        rest.skip(b';');
        if !rest.run() {
            rest = before;
            break;
        }
    }
    let _ = rest.skip(b'#') || rest.skip(b';');
    groups > 0 && rest.0.is_empty()
}

/// What is left to read.
#[derive(Clone, Copy)]
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn peek(&self, is_one: impl Fn(u8) -> bool) -> bool {
        self.0.first().is_some_and(|byte| is_one(*byte))
    }

    fn skip(&mut self, wanted: u8) -> bool {
        let found = self.peek(|byte| byte == wanted);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn skip_while(&mut self, is_one: impl Fn(u8) -> bool) -> usize {
        let count = self.0.iter().take_while(|byte| is_one(**byte)).count();
        self.0 = &self.0[count..];
        count
    }

    fn run(&mut self) -> bool {
        self.skip_while(|byte| byte.is_ascii_alphanumeric()) > 0
    }

    /// One group with what divides it from the one before.
    fn group(&mut self) -> bool {
        let before = *self;
        let _ = self.skip(b'.') || self.skip(b'-');
        self.skip(b' ');
        let found = self.run();
        if !found {
            *self = before;
        }
        found
    }

    /// Whole groups in parentheses.
    fn parenthesised(&mut self) -> bool {
        let before = *self;
        self.skip(b' ');
        let opened = self.skip(b'(') && self.peek(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
        while opened && self.group() {}
        if opened && self.skip(b')') && !self.peek(|byte| byte == b'.') {
            return true;
        }
        *self = before;
        false
    }
}

/// Whether a text may stand in a website field: a host with at least one dot, perhaps after a scheme.
pub fn is_website(text: &str) -> bool {
    let rest = ["http://", "https://", "ftp://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let rest = rest.unwrap_or(text);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    labels.len() >= 2 && labels.iter().all(is_label) && !rest.contains(char::is_whitespace)
}

/// Whether a text may stand in an e-mail field.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        let is_inner = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        !label.is_empty()
            && label.chars().all(is_inner)
            && !label.starts_with(['-', '_'])
            && !label.ends_with(['-', '_'])
    };
    let last = labels.last().map_or(0, |last| last.chars().count());
    let is_local =
        !local.is_empty() && !local.contains(|c: char| c.is_whitespace() || "\"(),:;<>@[\\]".contains(c));
    is_local && labels.len() >= 2 && labels.iter().all(is_label) && (2..=22).contains(&last)
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_phone, is_website};

    #[test]
    fn phone_numbers_are_what_the_vendor_says_they_are() {
        for good in [
            "+48600700800",
            "+48 600 700 800",
            "(48) 600-700-800",
            "91(987)654321",
            "+1 (555) 010-9999 ext 5",
            "48.600.700",
            "+48600700800;12",
            "112",
        ] {
            assert!(is_phone(good), "{good}");
        }
        let two_spaces = "600  700";
        for bad in [
            "++48600",
            "+48/600",
            "600 - 700",
            two_spaces,
            "600 ",
            " 600",
            "tel:+48600",
            "\u{200e}+48",
            "4 8\u{a0}6",
            "+",
            "",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn a_website_has_a_dot_in_its_host() {
        for good in [
            "https://chat.example.com:8443/c/1",
            "http://127.0.0.1:8080/c/1",
            "www.example.com",
            "example.com",
        ] {
            assert!(is_website(good), "{good}");
        }
        for bad in ["http://localhost:8080/c/1", "http://chatbox/c/1", "http://[::1]/", "", "https://"] {
            assert!(!is_website(bad), "{bad}");
        }
    }

    #[test]
    fn an_email_address_has_a_domain() {
        assert!(is_email("ana.souza+x@mail.example.com") && is_email("a@b.co"));
        assert!(
            !is_email("ana")
                && !is_email("ana@example")
                && !is_email("a b@example.com")
                && !is_email("a@-b.com")
        );
    }
}
