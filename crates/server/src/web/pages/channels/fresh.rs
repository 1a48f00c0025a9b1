//! A new endpoint.

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use causeway_core::channels::{self, Channel};
use causeway_pages::{
    Here, args,
    channels::{self as view, New},
    form::Field,
};
use serde::Deserialize;
use serde_json::json;

use super::super::{
    super::{
        Web,
        render::{Page, Shown, Trouble, words},
        session::Visitor,
    },
    deed::deed,
};
use crate::{
    intake::{self, EndpointRefused, SealedSecrets},
    live::Topic,
};

/// Most letters of a name.
pub(super) const LONGEST_NAME: usize = 80;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    channel: String,
    name: String,
    secret: String,
    token: String,
    access: String,
}

/// Which channel is to be added.
#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    channel: String,
}

/// The channel of that name; the first of all if none is named.
fn chosen(name: &str) -> Result<&'static dyn Channel, Trouble> {
    let found = if name.is_empty() { channels::ALL.first().copied() } else { channels::named(name) };
    found.ok_or(Trouble::Nothing)
}

/// The form, with a verify token that nobody can guess.
pub(super) async fn form(State(web): State<Web>, visitor: Visitor, Query(which): Query<Which>) -> Shown {
    let given = Given { channel: which.channel, token: web.app.nature.secret(), ..Given::default() };
    page(&web, &visitor, &given, [None, None, None], StatusCode::OK).await
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    given: &Given,
    [name, secret, token]: [Option<String>; 3],
    status: StatusCode,
) -> Shown {
    let words = words();
    let channel = chosen(&given.channel)?;
    let both = |channel: &dyn Channel| (channel.name().to_owned(), channel.title().to_owned());
    let new = New {
        channel: both(channel),
        channels: channels::ALL.iter().map(|channel| both(*channel)).collect(),
        name: Field::new("name", words.say("channel-name"))
            .hint(words.say("channel-name-hint"))
            .value(&given.name)
            .error(name)
            .required(),
        secret: Field::new("secret", words.say("channel-secret"))
            .hint(words.of(channel.name(), "secret-hint", &[]))
            .value(&given.secret)
            .error(secret)
            .required(),
        token: Field::new("token", words.say("channel-token"))
            .hint(words.of(channel.name(), "token-hint", &[]))
            .value(&given.token)
            .error(token)
            .required(),
        access: Field::new("access", words.say("channel-access"))
            .hint(words.of(channel.name(), "access-hint", &[]))
            .value(&given.access),
    };
    let content = view::fresh(words, &new);
    let title = words.with("channel-new-title", args!["channel" => channel.title()]);
    Ok(Page::new(Here::Channels, &title).with(status).around(web, visitor, &content).await)
}

/// What is wrong with a name.
pub(super) fn name_error(name: &str) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        Some(words().say("channel-name-empty"))
    } else if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        Some(words().say("channel-name-long"))
    } else {
        None
    }
}

/// What is wrong with a text that must be there and that no database refuses, in the words of its channel.
pub(super) fn text_error(text: &str, channel: &str, key: &str) -> Option<String> {
    (text.trim().is_empty() || text.contains('\0')).then(|| words().of(channel, key, &[]))
}

pub(super) async fn add(State(web): State<Web>, visitor: Visitor, Form(given): Form<Given>) -> Shown {
    let channel = chosen(&given.channel)?.name();
    let errors = [
        name_error(&given.name),
        text_error(&given.secret, channel, "secret-empty"),
        text_error(&given.token, channel, "token-empty"),
    ];
    if errors.iter().any(Option::is_some) {
        return page(&web, &visitor, &given, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let access = given.access.trim();
    let secrets = SealedSecrets {
        signing: vec![given.secret.trim().to_owned()],
        verify_token: given.token.trim().to_owned(),
        access_token: (!access.is_empty()).then(|| access.to_owned()),
    };
    let workspace_id = visitor.workspace_id();
    let name = given.name.trim();
    let deed = deed(&visitor, "channel.add", json!({ "name": name }));
    let wish = intake::Wish { channel, key: None, name: Some(name.to_owned()), secrets: &secrets };
    let endpoint = match intake::add(&web.app, workspace_id, wish, deed).await {
        Ok(endpoint) => endpoint,
        Err(EndpointRefused::Store(error)) => return Err(Trouble::Store(error)),
        Err(refused) => {
            let errors = [None, Some(refused.to_string()), None];
            return page(&web, &visitor, &given, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    web.app.live.tell(workspace_id, &[Topic::Requests]);
    Ok(Redirect::to(&format!("/channels/{}?done=added", endpoint.key)).into_response())
}
