//! The first run: with the one-time token from the terminal, somebody becomes the owner.

use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use causeway_core::{
    address::{Address, phone::Region},
    sign_in::folded_email,
    time::Zone,
};
use causeway_pages::{
    Words,
    form::Field,
    message::Message,
    setup::{self as view, Setup},
};
use serde::Deserialize;

use super::{
    super::{
        Web,
        render::{self, words},
    },
    sign_in::{browser, name_error, password_error, welcome},
};
use crate::{
    first_run::{self, FoundRefused, Owner, Wishes},
    sign_in,
};

/// What was typed, or stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Given {
    token: String,
    name: String,
    email: String,
    password: String,
    workspace: String,
    zone: String,
    region: String,
}

pub(in crate::web) async fn form(State(web): State<Web>, Query(given): Query<Given>) -> Response {
    match first_run::is_empty(&web.app).await {
        Ok(true) if given.token.is_empty() => view::waiting(words()).into_response(),
        Ok(true) => view::setup(words(), &fields(&given, &Faults::default())).into_response(),
        Ok(false) => done(),
        Err(error) => render::fault(&error),
    }
}

pub(in crate::web) async fn found(
    State(web): State<Web>,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let words = words();
    let faults = Faults::of(&given);
    if !faults.is_empty() {
        return (StatusCode::UNPROCESSABLE_ENTITY, view::setup(words, &fields(&given, &faults)))
            .into_response();
    }
    let wishes = Wishes {
        name: given.workspace.trim().to_owned(),
        zone: given.zone.clone(),
        region: given.region.trim().parse::<Region>().ok(),
        owner_email: folded_email(&given.email),
    };
    let owner = Owner { name: given.name.trim().to_owned(), password: given.password.clone() };
    match first_run::found(&web.app, given.token.trim(), &wishes, &owner).await {
        Ok((workspace_id, member)) => {
            match sign_in::begin(&web.app, workspace_id, member, &browser(&headers)).await {
                Ok(entered) => welcome(&web, &entered, "/integrations"),
                Err(error) => render::fault(&error),
            }
        }
        Err(FoundRefused::Token) => {
            let faults = Faults { token: Some(words.say("setup-token-wrong")), ..Faults::default() };
            (StatusCode::FORBIDDEN, view::setup(words, &fields(&given, &faults))).into_response()
        }
        Err(FoundRefused::Done) => done(),
        Err(FoundRefused::Unhashed) => render::our_fault("setup"),
        Err(FoundRefused::Store(error)) => render::fault(&error),
    }
}

/// What is wrong with what was typed, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Faults {
    token: Option<String>,
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    workspace: Option<String>,
    region: Option<String>,
}

impl Faults {
    fn of(given: &Given) -> Self {
        let words = words();
        let when = |is_wrong: bool, key: &str| is_wrong.then(|| words.say(key));
        let region = given.region.trim();
        Self {
            token: None,
            name: name_error(words, &given.name),
            email: when(Address::email(given.email.trim()).is_none(), "email-bad"),
            password: password_error(words, &given.password, given.email.trim()),
            workspace: workspace_error(words, &given.workspace),
            region: when(!region.is_empty() && region.parse::<Region>().is_err(), "setup-region-unknown"),
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is wrong with the name of a workspace, in words.
pub(super) fn workspace_error(words: &Words, name: &str) -> Option<String> {
    if name.trim().is_empty() { Some(words.say("setup-workspace-empty")) } else { name_error(words, name) }
}

/// The zones to choose from: value, what people read.
pub(super) fn zones() -> Vec<(String, String)> {
    Zone::names().into_iter().map(|name| (name.clone(), name.replace('_', " "))).collect()
}

fn fields(given: &Given, faults: &Faults) -> Setup {
    let words = words();
    let zones = zones();
    let is_known = zones.iter().any(|(name, _)| *name == given.zone);
    let chosen = if is_known { given.zone.as_str() } else { "UTC" };
    Setup {
        token: Field::new("token", words.say("setup-token"))
            .value(&given.token)
            .error(faults.token.clone())
            .required(),
        name: Field::new("name", words.say("setup-name"))
            .value(&given.name)
            .error(faults.name.clone())
            .required(),
        email: Field::new("email", words.say("setup-email"))
            .value(&given.email)
            .hint(words.say("setup-email-hint"))
            .error(faults.email.clone())
            .required(),
        password: Field::new("password", words.say("setup-password"))
            .hint(words.say("password-hint"))
            .error(faults.password.clone())
            .required(),
        workspace: Field::new("workspace", words.say("setup-workspace-name"))
            .value(&given.workspace)
            .hint(words.say("setup-workspace-hint"))
            .error(faults.workspace.clone())
            .required(),
        zone: Field::new("zone", words.say("setup-zone")).value(chosen).hint(words.say("setup-zone-hint")),
        region: Field::new("region", words.say("setup-region"))
            .value(&given.region)
            .hint(words.say("setup-region-hint"))
            .error(faults.region.clone()),
        zones,
        error: None,
    }
}

fn done() -> Response {
    let words = words();
    let message = Message {
        title: words.say("setup-title"),
        says: vec![words.say("setup-done")],
        next: Some(("/sign-in".into(), words.say("sign-in-title"))),
        ..Message::default()
    };
    render::plain(StatusCode::GONE, &message)
}
