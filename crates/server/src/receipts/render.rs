//! A receipt as a person reads it in a terminal.

use causeway_core::{
    plan::wording,
    receipt::{Delivery, Receipt, State},
    time::Zone,
};

/// The receipt in lines; times as people of `zone` read them.
pub fn render(receipt: &Receipt, zone: &Zone) -> String {
    let mut lines = vec![
        format!("message {} ({})", receipt.message, receipt.provider_id),
        format!(
            "  {} by {} at {}, kept at {}",
            if receipt.direction == "out" { "sent" } else { "received" },
            receipt.channel,
            wording::moment(receipt.at, zone),
            wording::moment(receipt.received_at, zone),
        ),
        format!("  in conversation {}: {}", receipt.conversation, receipt.chat_url),
    ];
    lines.extend(receipt.channel_state.as_ref().map(|state| format!("  on the channel: {state}")));
    if receipt.deliveries.is_empty() {
        lines.push("  no integration asks for it".into());
    }
    for delivery in &receipt.deliveries {
        lines.extend(of_delivery(delivery, zone));
    }
    lines.join("\n")
}

fn of_delivery(delivery: &Delivery, zone: &Zone) -> Vec<String> {
    let mut lines =
        vec![format!("  {} ({}): {}", delivery.crm, delivery.integration, headline(delivery, zone))];
    lines.extend(matched(delivery));
    for part in &delivery.written {
        let number = if delivery.written.len() > 1 { format!("part {} ", part.part) } else { String::new() };
        lines.push(format!(
            "    {number}written as {} {} at {}: {}",
            wording::module(&part.record.module),
            part.record.id,
            wording::moment(part.at, zone),
            part.url
        ));
    }
    lines.extend(delivery.grouped_because.as_ref().map(|why| format!("    {why}")));
    if let Some(held) = &delivery.held {
        let until =
            held.until.map(|until| format!("until {}, ", wording::moment(until, zone))).unwrap_or_default();
        lines.push(format!("    {until}who can act: {}", wording::who(held.who)));
        lines.push(format!("    what to do: {}", held.action));
    }
    for attempt in &delivery.attempts {
        let verdict = attempt.verdict.as_deref().unwrap_or("no answer yet");
        let detail = attempt.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let at = wording::moment(attempt.sent_at, zone);
        lines.push(format!("    tried to {} at {at}: {verdict}{detail}", attempt.action));
    }
    lines
}

fn headline(delivery: &Delivery, zone: &Zone) -> String {
    match (delivery.state, delivery.due_at) {
        (State::Held, _) => format!("held, because {}", delivery.sentence),
        (State::Received, Some(at)) => {
            format!("{} (due at {})", delivery.sentence, wording::moment(at, zone))
        }
        _ => delivery.sentence.clone(),
    }
}

/// Which record, and why that one.
fn matched(delivery: &Delivery) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(record) = &delivery.person {
        let url = delivery.person_url.as_ref().map(|url| format!(": {url}")).unwrap_or_default();
        lines.push(format!("    matched to {} {}{url}", wording::module(&record.module), record.id));
    }
    let Some(trace) = &delivery.trace else { return lines };
    if !trace.searched.is_empty() {
        lines.push(format!("    searched for {}", trace.searched.join(", ")));
    }
    lines.extend(trace.rules.iter().map(|rule| format!("    rule: {rule}")));
    lines.extend(trace.candidates.iter().map(|candidate| {
        let field = candidate.field.as_ref().map(|field| format!(" by {field}")).unwrap_or_default();
        let module = wording::module(&candidate.record.module);
        format!(
            "    candidate {module} {} {}{field}: {}",
            candidate.record.id, candidate.name, candidate.verdict
        )
    }));
    lines
}
