//! `causeway token`: a new API token for a member, for whoever runs the server.

use std::process::ExitCode;

use super::Place;
use causeway_core::rights::Role;

use crate::store::workspace;

#[derive(clap::Args)]
pub struct Args {
    /// The member's e-mail; without it, the first owner
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let app = args.place.open_existing("token").await?;
    let (token, now) = (app.nature.secret(), app.now());
    let wanted = args.email.map(|email| email.trim().to_lowercase());
    let (secret, asked) = (token.clone(), wanted.clone());
    let holder = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(workspace) = workspace::first(tx).await? else { return Ok(None) };
                let members = workspace::members(tx, workspace.id).await?;
                let is_meant = |member: &workspace::Member| match &asked {
                    Some(email) => member.email == *email,
                    None => member.role == Role::Owner,
                };
                let Some(member) = members.into_iter().find(is_meant) else { return Ok(None) };
                workspace::put_token(tx, &secret, workspace.id, member.id, now).await?;
                Ok(Some(member))
            })
        })
        .await?;
    let Some(member) = holder else {
        let who = wanted.unwrap_or_else(|| "an owner".into());
        anyhow::bail!("no member is {who}; PUT /api/v1/members adds one, and GET lists them");
    };
    eprintln!(
        "A new API token of {} ({}, {}), shown this once:",
        member.name,
        member.email,
        member.role.word()
    );
    super::say(&token);
    Ok(ExitCode::SUCCESS)
}
