//! One mail to the mail server, over SMTP.

use std::time::{Duration, UNIX_EPOCH};

use causeway_pages::mail::Letter;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{authentication::Credentials, extension::ClientId},
};

use crate::{
    app::App,
    config::{Mail, MailSecurity},
};

/// How long the mail server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hands a mail over; `Err` says in words what kept it from being taken. Its id stands in it, so that one that is sent
/// twice is recognised.
pub(super) async fn send(
    app: &App,
    (name, address): &(String, String),
    letter: &Letter,
    id: i64,
) -> Result<(), String> {
    let mail = &app.config.mail;
    let host = url_host(&app.config.public_url);
    let from: Mailbox = mail.from.parse().map_err(|error| {
        format!("`mail.from` in the configuration is no sender: {error}; write it as \"Causeway <causeway@example.com>\"")
    })?;
    let to: Address = address.parse().map_err(|error| format!("{address} is no address: {error}"))?;
    let millis = u64::try_from(app.now() / 1000).unwrap_or(0);
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(Some(name.clone()), to))
        .subject(letter.subject.clone())
        .date(UNIX_EPOCH + Duration::from_millis(millis))
        .message_id(Some(format!("<causeway-{id}@{host}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|error| format!("the mail could not be put together: {error}"))?;
    let transport = transport(mail, &host)?;
    match transport.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(what(&mail.server, &error)),
    }
}

fn transport(mail: &Mail, host: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    type Smtp = AsyncSmtpTransport<Tokio1Executor>;
    let (builder, usual) = match mail.security {
        MailSecurity::Tls => (Smtp::relay(&mail.server), 465),
        MailSecurity::Starttls => (Smtp::starttls_relay(&mail.server), 587),
        MailSecurity::None => (Ok(Smtp::builder_dangerous(&mail.server)), 25),
    };
    let builder = builder.map_err(|error| format!("{} cannot be spoken to: {error}", mail.server))?;
    let builder = builder
        .port(if mail.port == 0 { usual } else { mail.port })
        .timeout(Some(PATIENCE))
        .hello_name(ClientId::Domain(host.to_owned()));
    if mail.user.is_empty() {
        return Ok(builder.build());
    }
    let password = mail.password().map_err(|error| error.to_string())?;
    Ok(builder.credentials(Credentials::new(mail.user.clone(), password.expose().to_owned())).build())
}

/// What went wrong, with all that was said of it.
fn what(server: &str, error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        let said = deeper.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = deeper.source();
    }
    format!("{server}: {text}")
}

/// The host of an address.
fn url_host(url: &str) -> String {
    let parsed: Option<http::Uri> = url.parse().ok();
    parsed.as_ref().and_then(http::Uri::host).unwrap_or("localhost").to_owned()
}
