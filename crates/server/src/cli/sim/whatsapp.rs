//! `causeway sim whatsapp`: traffic to a webhook, as the provider sends it.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use anyhow::{bail, ensure};
use causeway_simulator::whatsapp::{
    Customer, Options, Plan, Report, Sender, Target, media::Provider, run_over_socket, samples, serve_media,
};
use tokio::net::TcpListener;

use crate::{clock::Nature, serve::told_to_stop};

#[derive(clap::Args)]
pub struct Args {
    /// The webhook: http://HOST:PORT/hooks/whatsapp/KEY
    #[arg(long, value_name = "URL")]
    to: String,
    /// The app secret that signs
    #[arg(long)]
    secret: String,
    /// Set the webhook up first, with this word
    #[arg(long, value_name = "WORD")]
    verify_token: Option<String>,
    /// How many messages are written
    #[arg(long, default_value_t = 100)]
    messages: usize,
    /// By how many customers
    #[arg(long, default_value_t = 10)]
    customers: usize,
    /// Send as fast as answers come, instead of at their times
    #[arg(long)]
    burst: bool,
    /// Of a hundred requests, how many are sent twice
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    twice: u8,
    /// Of a hundred requests, how many are late
    #[arg(long, value_name = "PERCENT", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=100))]
    late: u8,
    /// Requests overtake each other
    #[arg(long)]
    shuffled: bool,
    /// The same seed gives the same messages
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The id of the business number
    #[arg(long, value_name = "ID", default_value = "106540352242922")]
    phone_number_id: String,
    /// The business number that people see
    #[arg(long, value_name = "DIGITS", default_value = "81312345678")]
    number: String,
    /// Send files too (a photo, a voice message, a document, and one for each trouble that files have), and serve them here
    /// until stopped: ADDRESS:PORT
    #[arg(long, value_name = "ADDRESS")]
    files: Option<SocketAddr>,
    /// The access token with which the files are read
    #[arg(long, value_name = "WORD", default_value = "causeway-sim-token")]
    files_token: String,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let target: Target = args.to.parse()?;
    let sender = Sender {
        secret: args.secret,
        waba_id: "102290129340398".into(),
        phone_number_id: args.phone_number_id,
        display_number: args.number,
    };
    if let Some(word) = &args.verify_token {
        set_up(&target, &sender, word, &args.to).await?;
    }
    let plan = Plan {
        seed: args.seed,
        messages: args.messages,
        customers: args.customers,
        // Messages of now, as a provider's are; within the plan their order is fixed.
        start_seconds: Nature::system().now().seconds(),
        twice_percent: args.twice,
        late_percent: args.late,
        is_shuffled: args.shuffled,
        ..Plan::default()
    };
    let schedule = plan.schedule(std::slice::from_ref(&sender));
    let (messages, requests) = (schedule.expected.len(), schedule.posts.len());
    eprintln!("messages: {messages}; requests: {requests}; to {}", args.to);
    let options = Options { is_paced: !args.burst, ..Options::default() };
    let report = run_over_socket(schedule.posts, options, args.to.parse()?).await;
    say(&report);
    if report.given_up > 0 {
        bail!(
            "{} requests were given up; is the server running, and is --secret the source's?",
            report.given_up
        );
    }
    if let Some(address) = args.files {
        send_files(address, &args.files_token, (&sender, &target, &args.to)).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One message for each sample file, which are served until the program is stopped.
async fn send_files(
    address: SocketAddr,
    token: &str,
    (sender, target, to): (&Sender, &Target, &str),
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        anyhow::anyhow!("cannot listen on {address} ({error}); choose another with --files")
    })?;
    let address = listener.local_addr()?;
    let provider = Provider::new(token, "");
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    let now = Nature::system().now().seconds();
    for (at, sample) in (now..).zip(samples::all()) {
        let change = sample.change(sender, &customer, &format!("wamid.{}.{now}", sample.id), at);
        provider.put(&sample.id, sample.file);
        match target.send(sender.request(target.path(), sender.wrap(vec![change]))).await {
            Ok(status) if status.is_success() => {}
            Ok(status) => bail!("{to} refused a message with a file ({status}); is --secret the source's?"),
            Err(error) => bail!("{to} does not answer ({error}); is the server running?"),
        }
    }
    eprintln!("Their files are served on http://{address} until you stop this (Ctrl-C).");
    eprintln!("For Causeway to fetch them, start it with this environment:");
    eprintln!("  CAUSEWAY_WHATSAPP__API_URL=http://{address}");
    eprintln!("and enter the access token {token} on the endpoint's page under Channels.");
    serve_media(provider, listener, told_to_stop()).await?;
    Ok(())
}

/// Asks the webhook whether it is ours, as the provider does once.
async fn set_up(target: &Target, sender: &Sender, word: &str, to: &str) -> anyhow::Result<()> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_' | '~');
    ensure!(word.chars().all(is_plain), "--verify-token takes letters, digits and -._~ here");
    let challenge = sender.challenge(target.path(), word, "1158201444");
    match target.send(challenge).await {
        Ok(status) if status.is_success() => Ok(()),
        Ok(status) => bail!("{to} refused the set-up ({status}); is --verify-token the source's?"),
        Err(error) => bail!("{to} does not answer ({error}); is the server running?"),
    }
}

fn say(report: &Report) {
    for (status, count) in &report.answers {
        eprintln!("answered {status}: {count}");
    }
    if report.unanswered > 0 {
        eprintln!("unanswered tries: {}", report.unanswered);
    }
    eprintln!("accepted: {}; given up: {}", report.accepted, report.given_up);
    let milliseconds = |percent| report.latency(percent).unwrap_or(Duration::ZERO).as_secs_f64() * 1000.0;
    eprintln!("answer times: median {:.1} ms, 99 % within {:.1} ms", milliseconds(50), milliseconds(99));
}
