//! How soon a message stands on a page that is open: from the first byte of its webhook to the fragment that shows it.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use axum::{body::Body, http::Request};
use causeway::intake;
use causeway_simulator::whatsapp::Customer;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::{figures::Figures, stage::Stage};

/// How many messages come.
const MESSAGES: usize = 200;

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let stage = Stage::set("live", None).await?;
    let reading = tokio::spawn(intake::run(stage.app.clone()));
    let customer = Customer::with_number("819012345678", "Aiko Tanaka");
    post(&stage, &customer, 0).await?;
    intake::drain(&stage.app).await?;
    let (_, page) = stage.get("/inbox?status=all", &[]).await?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let conversation = page
        .split("/inbox/cnv_")
        .nth(1)
        .and_then(|rest| rest.split(['?', '"']).next())
        .context("a conversation")?;
    let address = format!("/inbox/cnv_{conversation}/items");
    let topic = format!("cnv_{conversation}");

    let request = Request::get("/live").header("cookie", stage.cookie()).body(Body::empty())?;
    let mut stream = stage.router.clone().oneshot(request).await?.into_body();
    let mut times = Vec::with_capacity(MESSAGES);
    for number in 1..=MESSAGES {
        let begun = Instant::now();
        post(&stage, &customer, number).await?;
        loop {
            let frame = stream.frame().await.context("the stream ended")??;
            let is_ours = frame.data_ref().is_some_and(|data| String::from_utf8_lossy(data).contains(&topic));
            if is_ours {
                break;
            }
        }
        let (_, fragment) = stage.get(&address, &[]).await?;
        times.push(begun.elapsed());
        let fragment = String::from_utf8_lossy(&fragment).into_owned();
        ensure!(fragment.contains(&format!("News {number} ")), "the fragment lacks message {number}");
    }
    reading.abort();
    figures.add_times(
        "a new message on an open page, from its webhook to its fragment",
        times,
        "under 200 ms",
    );
    Ok(())
}

async fn post(stage: &Stage, customer: &Customer, number: usize) -> Result<()> {
    let at = stage.app.nature.now().seconds();
    let change =
        stage.sender.text(customer, &format!("wamid.news{number}"), at, &format!("News {number} of a bench"));
    let status = stage.post(stage.sender.wrap(vec![change])).await?;
    ensure!(status.is_success(), "the webhook was answered {status}");
    Ok(())
}
