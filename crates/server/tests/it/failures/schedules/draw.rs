//! A schedule is drawn from its seed, whole, before anything happens.

use causeway_core::plan::settings::{ChatSync, Create, Reopen, Shape};
use serde_json::{Value, json};

use super::{
    chance::Dice,
    script::{Act, CUSTOMERS, Choice, End, Hand, Known, Saying, Schedule, Step, Variant},
};
use crate::{failures::trap::Side, world::START};

/// Messages of one schedule.
const MESSAGES: usize = 9;

/// What may go wrong in the org.
const FAULTS: [&str; 11] = [
    "commit_then_cut",
    "commit_then_cut",
    "cut_before",
    "commit_late",
    "commit_late",
    "commit_late",
    "unavailable",
    "session_expired",
    "row_lock",
    "half_collection",
    "limit_exhausted",
];

/// At which requests; writing is what matters most.
const PATHS: [&str; 11] = [
    "composite/sobjects",
    "composite/sobjects",
    "composite/sobjects",
    "composite/sobjects",
    "composite/sobjects",
    "composite/sobjects",
    "composite/sobjects",
    "query",
    "search",
    "oauth2/token",
    "services/data",
];

const SHAPES: [Shape; 6] =
    [Shape::PerMessage, Shape::PerMessage, Shape::PerMessage, Shape::Hour, Shape::SixHours, Shape::LocalDay];

const ZONES: [&str; 4] = ["Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "Pacific/Chatham"];

/// The schedule of that seed.
pub fn draw(seed: u64) -> Schedule {
    let mut dice = Dice::of(seed);
    let variant = variant(&mut dice);
    let mut draw = Draw { dice, told: 0, editable: Vec::new(), edits: 0, variant: &variant };
    let mut steps = Vec::new();
    while draw.told < MESSAGES {
        draw.round(&mut steps);
    }
    Schedule { seed, variant, steps }
}

fn variant(dice: &mut Dice) -> Variant {
    let all = [
        Known::Nobody,
        Known::Nobody,
        Known::Contact,
        Known::OpenLead,
        Known::ClosedLead,
        Known::ContactAndLead,
        Known::TwoContacts,
    ];
    let settings = ChatSync {
        shape: dice.of_these(&SHAPES),
        create: dice.of_these(&[Create::Lead, Create::Lead, Create::Contact, Create::Off]),
        reopen: dice.of_these(&[Reopen::ToDefault, Reopen::Never]),
        link_field: dice.one_in(4).then(|| super::stage::LINK_FIELD.to_owned()),
        use_assignment_rules: dice.one_in(6),
        ..ChatSync::default()
    };
    // An evening, so that days end; and the nights in which clocks are changed.
    let starts = [START, START, START + 11 * 3600, 1_774_738_000, 1_792_883_600];
    Variant {
        has_field: dice.one_in(2),
        zone: dice.of_these(&ZONES),
        starts_at: dice.of_these(&starts),
        settings,
        rotates: dice.one_in(3),
        session_seconds: dice.of_these(&[7_200, 7_200, 900, 120]),
        search_delay: dice.of_these(&[0, 0, 90, 300]),
        has_skew: dice.one_in(4),
        is_slow: dice.one_in(4),
        known: std::array::from_fn::<_, CUSTOMERS, _>(|_| dice.of_these(&all)),
        survivor: dice.below(2),
    }
}

/// What has been drawn so far, as far as the rest depends on it.
struct Draw<'a> {
    dice: Dice,
    told: usize,
    editable: Vec<usize>,
    edits: usize,
    variant: &'a Variant,
}

impl Draw<'_> {
    /// Something is said, something goes wrong, time passes, and the nodes work.
    fn round(&mut self, steps: &mut Vec<Step>) {
        steps.push(self.tell());
        if self.dice.one_in(4) {
            steps.push(Step::Repeat(self.dice.below(8)));
        }
        if self.dice.one_in(4) {
            steps.push(Step::Deliver(self.dice.below(4)));
        }
        for _ in 0..self.dice.below(3) {
            steps.push(Step::Fault(self.fault()));
        }
        if self.dice.one_in(4) {
            steps.push(Step::Hand(self.hand()));
        }
        if self.dice.one_in(10) {
            steps.push(Step::Choose(self.choice()));
        }
        if self.variant.has_skew && self.dice.one_in(3) {
            let seconds = self.dice.of_these(&[-600, -40, -20, 0, 20, 40]);
            steps.push(Step::Skew { node: self.dice.below(2), seconds });
        }
        steps.push(Step::Wait(self.time()));
        steps.push(self.act(Act::Read));
        steps.push(if self.dice.one_in(5) { self.meanwhile() } else { self.act(Act::Work) });
        if self.dice.one_in(3) {
            steps.push(Step::Wait(self.time()));
            steps.push(self.act(Act::Work));
        }
    }

    fn time(&mut self) -> i64 {
        match self.dice.below(8) {
            0 => self.dice.from(300, 700),
            1 => self.dice.from(1_000, 8_000),
            _ => self.dice.from(0, 40),
        }
    }

    fn tell(&mut self) -> Step {
        let count = 1 + self.dice.below(3);
        let sayings = (0..count).map(|_| self.saying()).collect();
        Step::Tell { sayings, is_late: self.dice.one_in(6), is_one_second: self.dice.one_in(3) }
    }

    fn saying(&mut self) -> Saying {
        if !self.editable.is_empty() && self.dice.one_in(4) {
            let message = self.dice.of_these(&self.editable);
            return match self.dice.below(7) {
                0 => Saying::Revoke { message },
                1 => Saying::React { message },
                2 => Saying::Seen { message },
                _ => {
                    self.edits += 1;
                    Saying::Edit { message, time: self.edits }
                }
            };
        }
        self.told += 1;
        let (message, customer) = (self.told, self.dice.below(CUSTOMERS));
        match self.dice.below(12) {
            0 => Saying::Group { message, customer },
            1..=3 => Saying::Out { message, customer },
            _ => {
                self.editable.push(message);
                Saying::In { message, customer }
            }
        }
    }

    fn fault(&mut self) -> Value {
        let mut fault = json!({
            "kind": self.dice.of_these(&FAULTS),
            "path": self.dice.of_these(&PATHS),
            "after": self.dice.below(2),
            "times": 1 + self.dice.below(3),
            "every": 1 + self.dice.below(3),
            "seconds": self.dice.from(1, self.variant.latest()),
        });
        if fault["path"] == "composite/sobjects" && self.dice.one_in(2) {
            fault["object"] = json!(self.dice.of_these(&["Task", "Task", "Lead", "Contact"]));
        }
        fault
    }

    fn act(&mut self, act: Act) -> Step {
        if self.dice.one_in(10) {
            return Step::Both(act);
        }
        let node = usize::from(self.dice.one_in(4));
        let end = match (self.dice.below(10), act) {
            (0, _) => End::DiesAtLook(self.dice.below(if act == Act::Read { 12 } else { 40 })),
            (1, _) => End::DiesAtWait(self.dice.below(if act == Act::Read { 5 } else { 30 })),
            (2 | 3, Act::Work) => End::DiesAtRequest(self.dice.below(9), self.side()),
            (4, _) => {
                // What a reader cannot fold for a reason that does not pass is put aside: that is another story.
                let tables = match act {
                    Act::Read => ["lease", "intake", "lease", "intake", "lease"],
                    Act::Work => ["attempt", "entry_part", "person", "entry", "lease"],
                };
                End::StoreFails { table: self.dice.of_these(&tables), request: self.dice.below(7) }
            }
            _ => End::Lives,
        };
        Step::Act { node, act, end }
    }

    fn side(&mut self) -> Side {
        self.dice.of_these(&[Side::BeforeSending, Side::BeforeHearing])
    }

    fn meanwhile(&mut self) -> Step {
        let node = self.dice.below(2);
        let mut steps = vec![self.tell()];
        if self.dice.one_in(3) {
            steps.push(Step::Hand(self.hand()));
        }
        if self.dice.one_in(4) {
            steps.push(Step::Choose(self.choice()));
        }
        let is_long = self.variant.is_slow && self.dice.one_in(2);
        steps.push(Step::Wait(if is_long { self.dice.from(310, 380) } else { self.dice.from(0, 30) }));
        steps.push(Step::Act { node: 1 - node, act: Act::Read, end: End::Lives });
        steps.push(Step::Act { node: 1 - node, act: Act::Work, end: End::Lives });
        Step::Meanwhile { node, request: self.dice.below(9), side: self.side(), steps }
    }

    fn hand(&mut self) -> Hand {
        let customer = self.dice.below(CUSTOMERS);
        match self.dice.below(16) {
            0 => Hand::Make { customer, object: self.dice.of_these(&["Lead", "Contact"]) },
            1 | 2 => Hand::Convert { customer },
            3 | 4 => Hand::Merge { customer, keeps_new: self.dice.one_in(2) },
            5 => Hand::Delete { customer },
            6 => Hand::EditTask(self.dice.below(8)),
            7 => Hand::DeleteTask(self.dice.below(8)),
            8 => {
                let (right, object) = self.dice.of_these(&[
                    ("no_create", "Lead"),
                    ("no_create", "Task"),
                    ("no_edit", "Task"),
                    ("no_edit", "Contact"),
                    ("no_edit", "Lead"),
                    ("api_disabled", ""),
                ]);
                Hand::Withdraw { right, object }
            }
            9 | 10 => Hand::GiveBack,
            11 => Hand::Deactivate,
            12 => Hand::Activate,
            13 => self.dice.of_these(&[Hand::Demand, Hand::UseUp, Hand::RevokeGrant]),
            _ => Hand::ExpireSessions,
        }
    }

    fn choice(&mut self) -> Choice {
        match self.dice.below(6) {
            0 => Choice::Create(self.dice.of_these(&[Create::Lead, Create::Contact, Create::Off])),
            1 => Choice::Reopen(Reopen::Never),
            2 => Choice::Pause,
            3 => Choice::Resume,
            _ => Choice::Shape(self.dice.of_these(&SHAPES)),
        }
    }
}
