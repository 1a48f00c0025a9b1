//! What a panel shows: which fields in which order, and for whom; how numbers are compared; how long an answer is kept
//! (R1.25, R1.41, R1.42, R1.44). Every button of the form works without scripts: what it carries is the whole choice.

use causeway_core::{
    record::Module,
    rights::{ROLES, Role},
};
use maud::{Markup, html};

use super::Org;
use crate::{
    Words, args,
    form::Field,
    icon::icon,
    part::{Tone, badge, notice},
};

/// The choice as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// Whose panel.
    pub org: Org,
    /// It is switched on.
    pub is_on: bool,
    /// Phone numbers are compared as they are written.
    pub is_literal: bool,
    /// For how many seconds an answer is kept, as typed.
    pub cache_seconds: String,
    /// The fields of each kind of record.
    pub modules: Vec<ModuleFields>,
    /// The phone fields of the org.
    pub phones: Vec<PhoneField>,
    /// On which revision the choice is made.
    pub revision: i64,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// It was stored.
    pub is_saved: bool,
    /// It was changed in the form and not stored yet.
    pub is_changed: bool,
}

/// The fields of one kind of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFields {
    /// Which kind.
    pub module: Module,
    /// The chosen ones, in their order.
    pub rows: Vec<FieldRow>,
    /// The others: the CRM's name, what people call it.
    pub others: Vec<(String, String)>,
}

/// A chosen field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRow {
    /// The CRM's own name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The org no longer has it, or hides it from the acting user.
    pub is_missing: bool,
    /// The roles that see it.
    pub roles: Vec<Role>,
}

/// A phone field of the org.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneField {
    /// The CRM's own name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// It is searched.
    pub is_searched: bool,
}

/// The page.
pub fn fields(words: &Words, fields: &Fields) -> Markup {
    let action = format!("/integrations/panel/{}", fields.org.connection);
    html! {
        header.head {
            div {
                h1 { (words.say("fields-title")) }
                p.head__text {
                    (fields.org.crm) " · " (fields.org.name) " "
                    @if fields.org.is_sandbox { (badge(Tone::Warning, &words.say("panel-sandbox"))) }
                }
            }
            a.button.button--quiet href="/integrations" { (words.say("fields-back")) }
        }
        form #panel-fields .stack.fields method="post" action=(action) data-fragment {
            // Enter in a field stores the choice: the first button of a form is the one that it presses.
            button.unseen type="submit" tabindex="-1" aria-hidden="true" { (words.say("fields-save")) }
            @if fields.is_saved { (notice(Tone::Good, &words.say("fields-saved"), None)) }
            @for problem in &fields.problems { (notice(Tone::Bad, problem, None)) }
            input type="hidden" name="revision" value=(fields.revision);
            section.panel-box aria-labelledby="fields-general" {
                h2 #fields-general { (words.say("fields-general")) }
                div.stack { (general(words, fields)) }
            }
            @for module in &fields.modules { (module_box(words, module)) }
            section.panel-box aria-labelledby="fields-phones" {
                h2 #fields-phones { (words.say("fields-phones")) }
                div.stack {
                    p.field__hint { (words.say("fields-phones-hint")) }
                    ul.fields__phones { @for phone in &fields.phones { li { (phone_tick(phone)) } } }
                    (tick(words, "literal", fields.is_literal, "fields-literal", "fields-literal-hint"))
                }
            }
            div.fields__end {
                @if fields.is_changed { p.quiet role="status" { (words.say("fields-unsaved")) } }
                button #fields-save .button type="submit" { (words.say("fields-save")) }
            }
        }
    }
}

fn general(words: &Words, fields: &Fields) -> Markup {
    let seconds = Field::new("cache_seconds", words.say("fields-cache"))
        .value(&fields.cache_seconds)
        .hint(words.with("fields-cache-hint", args!["crm" => fields.org.crm.as_str()]))
        .required();
    html! {
        (tick(words, "on", fields.is_on, "fields-on", "fields-on-hint"))
        div.fields__seconds { (seconds.line("number", "off")) }
    }
}

fn tick(words: &Words, name: &'static str, is_on: bool, label: &str, hint: &str) -> Markup {
    let value = if is_on { "on" } else { "" };
    Field::new(name, words.say(label)).value(value).hint(words.say(hint)).tick()
}

fn phone_tick(phone: &PhoneField) -> Markup {
    let id = format!("phone-{}", phone.name);
    html! {
        div.field.field--tick {
            input id=(id) name="phone" type="checkbox" value=(phone.name) checked[phone.is_searched];
            label for=(id) { (phone.label) " " code.quiet.small { (phone.name) } }
        }
    }
}

fn module_box(words: &Words, fields: &ModuleFields) -> Markup {
    let module = fields.module.name();
    let title = format!("fields-of-{module}");
    html! {
        section.panel-box aria-labelledby=(title) {
            h2 id=(title) { (words.with("fields-of", args!["kind" => super::kind(words, fields.module)])) }
            @if fields.rows.is_empty() { p.quiet { (words.say("fields-none")) } }
            ol.fields__rows {
                @for (place, row) in fields.rows.iter().enumerate() {
                    li.fields__row { (one(words, module, row, (place == 0, place + 1 == fields.rows.len()))) }
                }
            }
            @if !fields.others.is_empty() {
                div.fields__add {
                    label.field__label for=(format!("add-{module}")) { (words.say("fields-add-label")) }
                    div.crm__line {
                        select.input id=(format!("add-{module}")) name=(format!("add.{module}")) {
                            @for (name, label) in &fields.others { option value=(name) { (label) " (" (name) ")" } }
                        }
                        button.button.button--quiet type="submit" name="do" value=(format!("add:{module}"))
                            id=(format!("do-add-{module}")) { (icon("plus")) (words.say("fields-add")) }
                    }
                }
            }
        }
    }
}

fn one(words: &Words, module: &str, row: &FieldRow, (is_first, is_last): (bool, bool)) -> Markup {
    let key = format!("{module}.{}", row.name);
    let button = |what: &str, picture: &str, label: &str, is_off: bool| {
        html! {
            button.crm__refresh type="submit" name="do" value=(format!("{what}:{key}")) id=(format!("do-{what}-{key}"))
                disabled[is_off] title=(words.say(label)) {
                (icon(picture)) span.unseen { (words.say(label)) ": " (row.label) }
            }
        }
    };
    html! {
        input type="hidden" name="field" value=(key);
        div.fields__name {
            p { strong { (row.label) } @if row.is_missing { " " (badge(Tone::Warning, &words.say("fields-missing"))) } }
            p.quiet.small { code { (row.name) } }
        }
        fieldset.fields__roles {
            legend.unseen { (words.say("fields-roles")) ": " (row.label) }
            @for role in ROLES {
                label {
                    input type="checkbox" name=(format!("roles.{key}")) value=(role.word()) checked[row.roles.contains(role)];
                    " " (words.say(&format!("role-{}", role.word())))
                }
            }
        }
        div.fields__moves {
            (button("up", "up", "fields-up", is_first))
            (button("down", "down", "fields-down", is_last))
            (button("drop", "close", "fields-drop", false))
        }
    }
}
