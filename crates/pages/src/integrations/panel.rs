//! What a panel shows: which fields, in which order, for whom; how numbers are compared; for how long it is kept.

use causeway_core::{
    panel::settings::{PanelField, PanelSettings},
    record::Module,
    rights::{ROLES, Role},
};
use maud::{Markup, html};

use crate::{
    Words, args,
    form::Field,
    icon::icon,
    part::{Tone, badge, notice, unseen},
};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelPage {
    /// Where the form goes.
    pub address: String,
    /// The connection's address and the org's name.
    pub connection: (String, String),
    /// Whether it is switched on.
    pub is_on: bool,
    /// The choice, with the fields that are shown.
    pub settings: PanelSettings,
    /// The fields, with what people call each.
    pub fields: Vec<(PanelField, String)>,
    /// Fields that can be added: module, the CRM's name, what people call it.
    pub more: Vec<(Module, String, String)>,
    /// Phone fields of the org, by the CRM's own names.
    pub phones: Vec<String>,
    /// The revision that is shown.
    pub revision: i64,
    /// What is wrong, by setting.
    pub cache_error: Option<String>,
    /// What became of the last deed.
    pub said: Option<(Tone, String)>,
}

/// The page.
pub fn panel(words: &Words, page: &PanelPage) -> Markup {
    html! {
        header.head {
            div {
                p.crumb { a href=(page.connection.0) { (icon("back")) (page.connection.1) } }
                h1 {
                    (words.say("panel-settings-title")) " "
                    @if page.is_on { (badge(Tone::Good, &words.say("working-active"))) }
                    @else { (badge(Tone::Warning, &words.say("working-paused"))) }
                }
                p.head__text { (words.say("panel-settings-text")) }
            }
        }
        @if let Some((tone, text)) = &page.said { (notice(*tone, text, None)) }
        form.stack method="post" action=(page.address) {
            input type="hidden" name="revision" value=(page.revision);
            // What Enter does: the first button of a form.
            button.unseen type="submit" name="do" value="save" tabindex="-1" aria-hidden="true" { (words.say("panel-save")) }
            (fields(words, page))
            section.panel-box.stack aria-labelledby="panel-search" {
                h2 #panel-search { (words.say("panel-search-title")) }
                (Field::new("literal", words.say("panel-literal")).hint(words.say("panel-literal-hint")).value(on(page.settings.literal)).tick())
                (phones(words, page))
            }
            section.panel-box.stack aria-labelledby="panel-kept" {
                h2 #panel-kept { (words.say("panel-kept-title")) }
                (Field::new("cache", words.say("panel-cache")).hint(words.say("panel-cache-hint"))
                    .value(page.settings.cache_seconds.to_string()).error(page.cache_error.clone()).line("number", "off"))
                (Field::new("on", words.say("panel-on")).hint(words.say("panel-on-hint")).value(on(page.is_on)).tick())
            }
            div.actions { button.button type="submit" name="do" value="save" { (icon("check")) (words.say("panel-save")) } }
        }
    }
}

fn on(is_on: bool) -> &'static str {
    if is_on { "on" } else { "" }
}

fn module(words: &Words, module: Module) -> String {
    // words: module-kind-*
    words.say(&format!("module-kind-{}", module.name()))
}

fn fields(words: &Words, page: &PanelPage) -> Markup {
    html! {
        section.panel-box aria-labelledby="panel-fields" {
            h2 #panel-fields { (words.say("panel-fields-title")) }
            p.quiet.small { (words.say("panel-fields-text")) }
            ol.shown-fields {
                @for (place, (field, label)) in page.fields.iter().enumerate() {
                    @let kind = module(words, field.module);
                    li.shown-field {
                        div {
                            input type="hidden" name="field" value=(format!("{}:{}", field.module.name(), field.name));
                            p { (label) " " span.quiet.small { (kind) } }
                        }
                        select.input name="roles" aria-label=(words.with("panel-roles", args!["field" => label.as_str()])) {
                            @for (value, text) in roles(words, field) { option value=(value) selected[value == of(field)] { (text) } }
                        }
                        div.actions {
                            (act(words, &format!("up:{place}"), "down", "icon--up", "panel-up", label))
                            (act(words, &format!("down:{place}"), "down", "", "panel-down", label))
                            (act(words, &format!("remove:{place}"), "close", "", "panel-remove", label))
                        }
                    }
                }
            }
            div.pair {
                select.input name="add" aria-label=(words.say("panel-add-which")) {
                    option value="" { (words.say("values-choose")) }
                    @for kind in [Module::Contact, Module::Lead] {
                        optgroup label=(module(words, kind)) {
                            @for (_, name, label) in page.more.iter().filter(|(of, _, _)| *of == kind) {
                                option value=(format!("{}:{name}", kind.name())) { (label) }
                            }
                        }
                    }
                }
                div.actions {
                    button.button.button--quiet type="submit" name="do" value="add" { (icon("plus")) (words.say("panel-add")) }
                    button.button.button--quiet type="submit" name="do" value="usual" { (words.say("panel-usual")) }
                }
            }
        }
    }
}

/// A button that does one thing with one field.
fn act(words: &Words, what: &str, picture: &str, turn: &str, key: &str, label: &str) -> Markup {
    // words: panel-up panel-down panel-remove
    html! {
        button.button.button--quiet.button--small type="submit" name="do" value=(what) {
            span class=(turn) { (icon(picture)) }
            (unseen(&words.with(key, args!["field" => label])))
        }
    }
}

/// The word for the roles that see a field: the weakest of them, since a stronger one sees all that it sees.
fn of(field: &PanelField) -> String {
    let weakest = ROLES.iter().rev().find(|role| field.is_seen_by(**role));
    weakest.map_or("none", |role| role.word()).to_owned()
}

fn roles(words: &Words, field: &PanelField) -> Vec<(String, String)> {
    // words: panel-role-*
    let all = [Role::Agent, Role::Manager, Role::Admin, Role::Owner];
    let mut options: Vec<(String, String)> = all
        .iter()
        .map(|role| (role.word().to_owned(), words.say(&format!("panel-role-{}", role.word()))))
        .collect();
    if of(field) == "none" {
        options.push(("none".into(), words.say("panel-role-none")));
    }
    options
}

fn phones(words: &Words, page: &PanelPage) -> Markup {
    let chosen = page.settings.phone_fields.as_ref();
    let value = if chosen.is_none() { "all" } else { "some" };
    let options = [("all", "panel-phones-all"), ("some", "panel-phones-some")]
        .map(|(value, key)| (value.to_owned(), words.say(key), String::new()));
    html! {
        (Field::new("phones", words.say("panel-phones")).value(value).radios(&options))
        div.ticks role="group" aria-label=(words.say("panel-phones-some")) {
            @for name in &page.phones {
                label.ticks__one {
                    input type="checkbox" name="phone" value=(name) checked[page.settings.searches(name)];
                    span { (name) }
                }
            }
        }
    }
}
