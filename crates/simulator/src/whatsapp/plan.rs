//! Traffic: customers who write in bursts, and a provider that batches, repeats, delays and reorders.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{Customer, Sender, chance::Chance, payload, sender, wire};

/// What the traffic is like. The same plan gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What chance starts from.
    pub seed: u64,
    /// How many messages are written.
    pub messages: usize,
    /// By how many customers. Each writes to one number.
    pub customers: usize,
    /// Most messages that a customer writes in one go.
    pub burst: usize,
    /// Most messages in one request.
    pub width: usize,
    /// When the first message is written: seconds since the epoch.
    pub start_seconds: i64,
    /// Time between two requests.
    pub gap_ms: u64,
    /// Of a hundred requests, how many are sent twice.
    pub twice_percent: u8,
    /// Of a hundred requests, how many are late.
    pub late_percent: u8,
    /// How late at most.
    pub late_ms: u64,
    /// Whether requests overtake each other.
    pub is_shuffled: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            messages: 100,
            customers: 10,
            burst: 4,
            width: 8,
            start_seconds: 1_767_225_600,
            gap_ms: 20,
            twice_percent: 10,
            late_percent: 5,
            late_ms: 2_000,
            is_shuffled: true,
        }
    }
}

/// One request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// When, after the start.
    pub after_ms: u64,
    /// The bytes.
    pub body: Vec<u8>,
    /// The value of `X-Hub-Signature-256`.
    pub signature: String,
}

impl Post {
    /// The request to the webhook at `path`.
    pub fn request(&self, path: &str) -> Request<Bytes> {
        sender::signed(path, &self.signature, self.body.clone())
    }
}

/// A message that must be found at the other end, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The provider's id.
    pub id: String,
    /// The number that it was written to (`phone_number_id`).
    pub account: String,
    /// Who wrote it.
    pub customer: Customer,
    /// When, in seconds since the epoch. Two messages of one customer in one second stand in one request.
    pub at_seconds: i64,
    /// What it says.
    pub text: String,
}

/// What to send, and what must come of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// In order of time.
    pub posts: Vec<Post>,
    /// In the order in which the messages were written; each customer's are in their order.
    pub expected: Vec<Expected>,
}

/// How many neighbours a request may overtake when they are shuffled.
const WINDOW: usize = 6;

impl Plan {
    /// The traffic between the customers and these numbers, which share one app and its secret.
    pub fn schedule(&self, senders: &[Sender]) -> Schedule {
        let Some(signer) = senders.first() else { return Schedule::default() };
        let mut chance = Chance::new(self.seed);
        let batches = self.batches(&mut chance, senders);
        let mut posts: Vec<Post> = Vec::new();
        for batch in &batches {
            let body = batch_body(senders, batch);
            let signature = signer.sign(&body);
            posts.push(Post { after_ms: self.gap_ms.saturating_mul(count(posts.len())), body, signature });
        }
        if self.is_shuffled {
            for window in posts.chunks_mut(WINDOW) {
                let mut times: Vec<u64> = window.iter().map(|post| post.after_ms).collect();
                chance.shuffle(&mut times);
                window.iter_mut().zip(times).for_each(|(post, after_ms)| post.after_ms = after_ms);
            }
        }
        let mut repeats = Vec::new();
        for post in &mut posts {
            if chance.happens(self.late_percent) {
                post.after_ms += chance.below(self.late_ms.saturating_add(1));
            }
            if chance.happens(self.twice_percent) {
                // Some repeats overlap with their first, on another connection.
                let after_ms = post.after_ms + chance.below(self.gap_ms.saturating_mul(10).saturating_add(1));
                repeats.push(Post { after_ms, ..post.clone() });
            }
        }
        posts.extend(repeats);
        posts.sort_by_key(|post| post.after_ms);
        let expected = batches.into_iter().flatten().map(|(_, expected)| expected).collect();
        Schedule { posts, expected }
    }

    /// The messages, as (place of the number, message), in batches.
    fn batches(&self, chance: &mut Chance, senders: &[Sender]) -> Vec<Vec<(usize, Expected)>> {
        let customers: Vec<Customer> = (0..self.customers.max(1)).map(|index| self.customer(index)).collect();
        // By customer: the request and the second of their last message.
        let mut last: Vec<(usize, i64)> = vec![(0, i64::MIN); customers.len()];
        let mut batches: Vec<Vec<(usize, Expected)>> = Vec::new();
        let mut room = 0;
        let mut now = self.start_seconds;
        let mut written = 0;
        while written < self.messages {
            let writer = chance.place(customers.len());
            let number = writer % senders.len();
            let burst = 1 + chance.place(self.burst.max(1));
            for place in 0..burst.min(self.messages - written) {
                if room == 0 {
                    room = 1 + chance.place(self.width.max(1));
                    batches.push(Vec::new());
                }
                // Only within a request does the place tell what came first.
                let (request, second) = last[writer];
                if request != batches.len() && second == now {
                    now += 1;
                }
                last[writer] = (batches.len(), now);
                room -= 1;
                written += 1;
                let expected = Expected {
                    id: format!("wamid.sim.{}.{written}", self.seed),
                    account: senders[number].phone_number_id.clone(),
                    customer: customers[writer].clone(),
                    at_seconds: now,
                    text: format!("{} (message {written}, {} of a burst)", saying(chance), place + 1),
                };
                batches.last_mut().expect("one was begun").push((number, expected));
            }
            now += i64::try_from(chance.below(3)).unwrap_or(0);
        }
        batches
    }

    /// The customer in that place: every seventh has a user id and no number.
    fn customer(&self, index: usize) -> Customer {
        let name = format!("{} {}", NAMES[index % NAMES.len()], index + 1);
        if index % 7 == 6 {
            return Customer::with_user_id(
                &format!("JP.{}{index:06}", self.seed),
                &format!("@customer{index}"),
                &name,
            );
        }
        // Japanese mobile numbers: +81 90 and eight digits, of which the first is not 0.
        Customer::with_number(&format!("8190{:08}", 10_000_000 + index % 90_000_000), &name)
    }
}

/// The bytes of one request: a change for each number, in the order in which the numbers first appear.
fn batch_body(senders: &[Sender], batch: &[(usize, Expected)]) -> Vec<u8> {
    let mut numbers: Vec<usize> = Vec::new();
    for (number, _) in batch {
        if !numbers.contains(number) {
            numbers.push(*number);
        }
    }
    let change = |number: usize| {
        let sender = &senders[number];
        let mine = batch.iter().filter(|(other, _)| *other == number);
        let texts: Vec<Value> = mine
            .map(|(_, expected)| {
                sender.text(&expected.customer, &expected.id, expected.at_seconds, &expected.text)
            })
            .collect();
        (sender, payload::join(texts).into_iter().collect())
    };
    wire::body(&numbers.into_iter().map(change).collect::<Vec<_>>())
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn saying(chance: &mut Chance) -> &'static str {
    SAYINGS[chance.place(SAYINGS.len())]
}

const NAMES: [&str; 8] = ["Ana", "佐藤 花子", "Jürgen", "O'Brien", "Nguyễn", "Zoë", "Ivan", "María José"];

const SAYINGS: [&str; 8] = [
    "Hello, is this still available?",
    "折り返しお願いします",
    "Can I pay by card?\nThanks",
    "👍🏽👩‍👩‍👧",
    "Order 12/34 \"urgent\" \\ now",
    "<b>Where</b> is it & when?",
    "Grüße aus Köln",
    "=1+1",
];
