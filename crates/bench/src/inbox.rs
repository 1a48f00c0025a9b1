//! A page of the inbox with 100,000 conversations, and what it weighs.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use causeway::store::{
    contact, contact_word, conversation,
    item::{self, NewItem},
    source,
};
use causeway_core::{
    address::Address,
    timeline::{Content, Direction, Part},
};

use crate::{figures::Figures, stage::Stage};

/// How many conversations there are.
const CONVERSATIONS: i64 = 100_000;

/// How many are stored in one transaction.
const AT_ONCE: i64 = 2_000;

/// How often each page is asked for.
const TIMES: usize = 200;

/// Given names and family names that put the people together.
const GIVEN: [&str; 20] = [
    "Aiko", "Bernd", "Carla", "Deepa", "Emil", "Fatima", "Goran", "Hana", "Igor", "Jana", "Kenji", "Lucía",
    "Marek", "Nadia", "Olga", "Pavel", "Quentin", "Rosa", "Sven", "Taro",
];
const FAMILY: [&str; 20] = [
    "Abe", "Berg", "Costa", "Dvořák", "Evans", "Fischer", "García", "Haas", "Ito", "Jansen", "Kim", "López",
    "Müller", "Novak", "Okafor", "Patel", "Rossi", "Silva", "Tanaka", "Weber",
];

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let stage = Stage::set("inbox", None).await?;
    fill(&stage).await?;
    for (what, path) in [
        ("inbox page, all", "/inbox?status=all"),
        ("inbox page, open", "/inbox"),
        ("inbox page, unread and nobody's", "/inbox?assignee=nobody&unread=1"),
        ("inbox page, search by family name", "/inbox?status=all&q=okafor"),
        ("inbox page, search by two words", "/inbox?status=all&q=aiko+tan"),
        ("inbox page, search by number", "/inbox?status=all&q=90001234"),
    ] {
        let times = ask(&stage, path).await?;
        figures.add_times(&format!("{what}, 100,000 conversations"), times, "under 20 ms");
    }
    weigh(&stage, figures).await
}

async fn ask(stage: &Stage, path: &str) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let (status, _) = stage.get(path, &[]).await?;
        times.push(begun.elapsed());
        ensure!(status.is_success(), "{path}: {status}");
    }
    Ok(times)
}

/// Page, style, scripts and icons as a browser gets them the first time, packed.
async fn weigh(stage: &Stage, figures: &mut Figures) -> Result<()> {
    let packed = [("accept-encoding", "gzip")];
    let (_, page) = stage.get("/inbox?status=all", &packed).await?;
    let (_, plain) = stage.get("/inbox?status=all", &[]).await?;
    let text = String::from_utf8_lossy(&plain).into_owned();
    let digest = text.split("/assets/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let mut whole = page.len();
    let mut waiting =
        vec!["css/app.css".to_owned(), "icons.svg".into(), "mark.svg".into(), "js/main.js".into()];
    let mut seen = Vec::new();
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        let address = format!("/assets/{digest}/{path}");
        whole += stage.get(&address, &packed).await?.1.len();
        let (_, text) = stage.get(&address, &[]).await?;
        if path.starts_with("js/") {
            let text = String::from_utf8_lossy(&text).into_owned();
            let named = text.split("\"./").skip(1).filter_map(|rest| rest.split('"').next());
            waiting.extend(named.map(|name| format!("js/{name}")));
        }
        seen.push(path);
    }
    figures.add(
        "inbox page of 50 conversations, packed, with all styles, scripts and icons",
        format!("{:.1} kB (page alone {:.1} kB)", whole as f64 / 1000.0, page.len() as f64 / 1000.0),
        "under 100 kB",
    );
    Ok(())
}

async fn fill(stage: &Stage) -> Result<()> {
    let begun = Instant::now();
    let now = stage.app.now();
    for first in (0..CONVERSATIONS).step_by(usize::try_from(AT_ONCE)?) {
        let (source, workspace_id, member_id) = (stage.source.clone(), stage.workspace.id, stage.member.id);
        stage
            .app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let account =
                        source::ensure_account(tx, &source, "106540352242922", Some("15550783881"), 9, now)
                            .await?;
                    for number in first..first + AT_ONCE {
                        let (id, at) = (1_000_000 + number, now - (CONVERSATIONS - number) * 60_000_000);
                        let place = usize::try_from(number).unwrap_or(0);
                        let name = format!("{} {}", GIVEN[place % 20], FAMILY[place / 20 % 20]);
                        contact::create(tx, workspace_id, id, at).await?;
                        contact::rename(tx, workspace_id, id, Some(&name), None, at).await?;
                        let phone = Address::phone_from_international(&format!("8190{number:08}"));
                        contact::give(tx, workspace_id, id, phone.as_slice(), at).await?;
                        contact_word::refresh(tx, workspace_id, id).await?;
                        conversation::ensure(tx, workspace_id, account.id, id, id, at).await?;
                        let new = NewItem {
                            id,
                            workspace_id,
                            conversation_id: id,
                            account_id: account.id,
                            kind: "message",
                            provider_id: format!("wamid.{number}"),
                            direction: Direction::In,
                            at,
                            position: 0,
                            author: Some(name),
                            content: Content {
                                parts: vec![Part::Text(format!("Message {number} of a bench"))],
                            },
                            reply_to: None,
                            is_history: false,
                            intake_id: 0,
                            received_at: at,
                        };
                        item::insert(tx, &new).await?;
                        if number % 3 == 0 {
                            let spoke = conversation::Spoke::Customer;
                            conversation::touch(tx, workspace_id, id, at, spoke).await?;
                        }
                        if number % 7 == 0 {
                            conversation::assign(tx, workspace_id, id, Some(member_id)).await?;
                        }
                    }
                    Ok(())
                })
            })
            .await?;
    }
    eprintln!("  {CONVERSATIONS} conversations stored in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}
