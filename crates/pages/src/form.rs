//! Fields of forms: a label, what was typed, a hint, and at the field what is wrong with it.

use maud::{Markup, html};

/// A field as it stands in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name in what is sent.
    pub name: &'static str,
    /// What people call it.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// How to fill it in.
    pub hint: Option<String>,
    /// What is wrong with what was typed, and what would be right.
    pub error: Option<String>,
    /// It must be filled in.
    pub is_required: bool,
}

/// One of a few that may be chosen, or one that may not, with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its value in what is sent.
    pub value: String,
    /// What people read.
    pub label: String,
    /// What it means, or why it cannot be chosen. May be empty.
    pub explanation: String,
    /// It cannot be chosen.
    pub is_closed: bool,
}

impl Field {
    /// An empty, optional field.
    pub fn new(name: &'static str, label: String) -> Self {
        Self { name, label, ..Self::default() }
    }

    /// With this in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what is wrong, if something is.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// It must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    fn id(&self) -> String {
        format!("field-{}", self.name)
    }

    /// The ids of hint and error, as the control names them.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id()));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id()));
        let ids: Vec<String> = [hint, error].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field data-bad[self.error.is_some()] {
                label.field__label for=(self.id()) { (self.label) }
                @if let Some(hint) = &self.hint { p.field__hint id=(format!("{}-hint", self.id())) { (hint) } }
                (control)
                @if let Some(error) = &self.error {
                    p.field__error id=(format!("{}-error", self.id())) { (error) }
                }
            }
        }
    }

    /// A line of text of that type (`text`, `email`, `password`, `search` ...), as the browser may complete it.
    pub fn line(&self, kind: &str, autocomplete: &str) -> Markup {
        let control = html! {
            input.input id=(self.id()) name=(self.name) type=(kind) value=(self.value)
                autocomplete=(autocomplete) required[self.is_required]
                aria-describedby=[self.described_by()] aria-invalid=[self.error.as_ref().map(|_| "true")];
        };
        self.around(&control)
    }

    /// A line of text with suggestions.
    pub fn suggest(&self, suggestions: &[String]) -> Markup {
        let list = format!("{}-list", self.id());
        let control = html! {
            input.input id=(self.id()) name=(self.name) type="text" value=(self.value) list=(list)
                autocomplete="off" required[self.is_required]
                aria-describedby=[self.described_by()] aria-invalid=[self.error.as_ref().map(|_| "true")];
            datalist id=(list) { @for one in suggestions { option value=(one) {} } }
        };
        self.around(&control)
    }

    /// Several lines of text.
    pub fn lines(&self, rows: u32) -> Markup {
        let control = html! {
            textarea.input id=(self.id()) name=(self.name) rows=(rows) required[self.is_required]
                aria-describedby=[self.described_by()] aria-invalid=[self.error.as_ref().map(|_| "true")] {
                (self.value)
            }
        };
        self.around(&control)
    }

    /// A choice of one: (value, what people read).
    pub fn choice(&self, options: &[(String, String)]) -> Markup {
        let control = html! {
            select.input id=(self.id()) name=(self.name) required[self.is_required]
                aria-describedby=[self.described_by()] aria-invalid=[self.error.as_ref().map(|_| "true")] {
                @for (value, label) in options {
                    option value=(value) selected[*value == self.value] { (label) }
                }
            }
        };
        self.around(&control)
    }

    /// A tick: on when the value is `on`.
    pub fn tick(&self) -> Markup {
        html! {
            div.field.field--tick data-bad[self.error.is_some()] {
                input id=(self.id()) name=(self.name) type="checkbox" value="on" checked[self.value == "on"]
                    aria-describedby=[self.described_by()];
                label.field__label for=(self.id()) { (self.label) }
                @if let Some(hint) = &self.hint { p.field__hint id=(format!("{}-hint", self.id())) { (hint) } }
                @if let Some(error) = &self.error {
                    p.field__error id=(format!("{}-error", self.id())) { (error) }
                }
            }
        }
    }

    /// One of a few, each with its explanation: (value, what people read, explanation).
    pub fn radios(&self, options: &[(String, String, String)]) -> Markup {
        let open = options.iter().cloned().map(|(value, label, explanation)| Offer {
            value,
            label,
            explanation,
            is_closed: false,
        });
        self.offers(&open.collect::<Vec<_>>())
    }

    /// One of a few; those that cannot be chosen are there with their reason.
    pub fn offers(&self, offers: &[Offer]) -> Markup {
        html! {
            fieldset.field.choices data-bad[self.error.is_some()] aria-describedby=[self.described_by()] {
                legend.field__label { (self.label) }
                @if let Some(hint) = &self.hint { p.field__hint id=(format!("{}-hint", self.id())) { (hint) } }
                @for Offer { value, label, explanation, is_closed } in offers {
                    @let id = format!("{}-{value}", self.id());
                    div.choices__one data-closed[*is_closed] {
                        input id=(id) type="radio" name=(self.name) value=(value) checked[*value == self.value] disabled[*is_closed]
                            aria-describedby=[(!explanation.is_empty()).then(|| format!("{id}-more"))];
                        label for=(id) { (label) }
                        @if !explanation.is_empty() { p.field__hint id=(format!("{id}-more")) { (explanation) } }
                    }
                }
                @if let Some(error) = &self.error {
                    p.field__error id=(format!("{}-error", self.id())) { (error) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_what_was_typed_and_says_what_is_wrong_with_it() {
        let field = Field::new("email", "E-mail".into())
            .value("\"><script>")
            .hint("Where we write to")
            .error(Some("Not an address".into()))
            .required();
        let html = field.line("email", "email").into_string();
        assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{html}");
        assert!(html.contains("aria-describedby=\"field-email-hint field-email-error\""), "{html}");
        assert!(html.contains("aria-invalid=\"true\"") && html.contains("required"), "{html}");
        assert!(html.contains("<label class=\"field__label\" for=\"field-email\">"), "{html}");
    }
}
