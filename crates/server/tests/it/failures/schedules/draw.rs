//! A schedule is drawn from its seed, whole, before anything happens. What a CRM has of its own is drawn from tables and
//! dice of its own, so that a seed tells much the same story on each.

use causeway_core::{
    plan::settings::{ChatSync, Create, Reopen, Shape},
    record::{EntryKind, Module},
};
use serde_json::{Map, Value, json};

use super::{
    chance::Dice,
    script::{Act, CUSTOMERS, Choice, End, Hand, Known, Saying, Schedule, Step, Thing, Trouble, Variant},
    stage::LINK_FIELD,
};
use crate::{
    failures::trap::Side,
    world::{
        START,
        crm::{Asking, Crm},
    },
};

/// Messages of one schedule.
const MESSAGES: usize = 9;

/// What may go wrong in a Salesforce org.
const FAULTS: &[&str] = &[
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

/// And in a Zoho org, which has some of its own.
const ZOHO_FAULTS: &[&str] = &[
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
    "limit_exhausted_old_shape",
    "internal_error",
    "commit_then_internal_error",
    "token_throttled",
];

/// At which requests; writing is what matters most.
const ASKINGS: [Asking; 11] = [
    Asking::Writes,
    Asking::Writes,
    Asking::Writes,
    Asking::Writes,
    Asking::Writes,
    Asking::Writes,
    Asking::Writes,
    Asking::Queries,
    Asking::Searches,
    Asking::Renews,
    Asking::Calls,
];

const SHAPES: [Shape; 6] =
    [Shape::PerMessage, Shape::PerMessage, Shape::PerMessage, Shape::Hour, Shape::SixHours, Shape::LocalDay];

const ZOHO_SHAPES: [Shape; 6] =
    [Shape::LocalDay, Shape::LocalDay, Shape::LocalDay, Shape::PerMessage, Shape::PerMessage, Shape::Hour];

const ZONES: [&str; 4] = ["Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "Pacific/Chatham"];

/// What may go wrong in an org of that CRM.
pub fn faults(crm: &dyn Crm) -> &'static [&'static str] {
    if crm.name() == "zoho" { ZOHO_FAULTS } else { FAULTS }
}

fn shapes(crm: &dyn Crm) -> &'static [Shape] {
    if crm.name() == "zoho" { &ZOHO_SHAPES } else { &SHAPES }
}

/// The schedule of that seed for an org of that CRM.
pub fn draw(seed: u64, crm: &'static dyn Crm) -> Schedule {
    let mut dice = Dice::of(seed);
    let mut variant = variant(&mut dice, crm);
    if crm.name() == "zoho" {
        make_zoho(&mut variant, &mut Dice::of(seed + 1_000_000_007));
    }
    let mut draw = Draw { dice, told: 0, editable: Vec::new(), edits: 0, variant: &variant, crm };
    let mut steps = Vec::new();
    while draw.told < MESSAGES {
        draw.round(&mut steps);
    }
    Schedule { seed, variant, steps }
}

fn variant(dice: &mut Dice, crm: &dyn Crm) -> Variant {
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
        shape: dice.of_these(shapes(crm)),
        create: dice.of_these(&[Create::Lead, Create::Lead, Create::Contact, Create::Off]),
        reopen: dice.of_these(&[Reopen::ToDefault, Reopen::Never]),
        link_field: dice.one_in(4).then(|| crm.own_field(LINK_FIELD)),
        use_assignment_rules: dice.one_in(6),
        ..crm.usual()
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
        switches: Map::new(),
        has_skew: dice.one_in(4),
        is_slow: dice.one_in(4),
        known: std::array::from_fn::<_, CUSTOMERS, _>(|_| dice.of_these(&all)),
        survivor: dice.below(2),
    }
}

/// What may be otherwise in a Zoho org: notes or tasks, where conversations go, and what its vendor leaves open.
fn make_zoho(variant: &mut Variant, dice: &mut Dice) {
    let settings = &mut variant.settings;
    settings.entry = dice.of_these(&[EntryKind::Note, EntryKind::Note, EntryKind::Note, EntryKind::Task]);
    settings.module =
        dice.of_these(&[Some(Module::Contact), Some(Module::Contact), None, None, Some(Module::Lead)]);
    let switches = json!({
        "batch_status": dice.of_these(&["v8", "v8", "legacy202"]),
        "phone_search": dice.of_these(&["lenient", "strict"]),
        "notes_order": dice.of_these(&["oldest_first", "newest_first"]),
        "unknown_id_is_empty": dice.one_in(3),
        "throttle_status": dice.of_these(&[400, 200]),
    });
    if let Value::Object(switches) = switches {
        variant.switches = switches;
    }
}

/// What has been drawn so far, as far as the rest depends on it.
struct Draw<'a> {
    dice: Dice,
    told: usize,
    editable: Vec<usize>,
    edits: usize,
    variant: &'a Variant,
    crm: &'static dyn Crm,
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

    fn fault(&mut self) -> Trouble {
        let mut trouble = Trouble {
            kind: self.dice.of_these(faults(self.crm)),
            asking: self.dice.of_these(&ASKINGS),
            thing: None,
            after: self.dice.below(2),
            times: 1 + self.dice.below(3),
            every: 1 + self.dice.below(3),
            seconds: self.dice.from(1, self.variant.latest()),
        };
        if trouble.asking == Asking::Writes && self.dice.one_in(2) {
            trouble.thing =
                Some(self.dice.of_these(&[Thing::Entry, Thing::Entry, Thing::Lead, Thing::Contact]));
        }
        trouble
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
            0 => Hand::Make { customer, thing: self.dice.of_these(&[Thing::Lead, Thing::Contact]) },
            1 | 2 => Hand::Convert { customer },
            3 | 4 => Hand::Merge { customer, keeps_new: self.dice.one_in(2) },
            5 => Hand::Delete { customer },
            6 => Hand::EditEntry(self.dice.below(8)),
            7 => Hand::DeleteEntry(self.dice.below(8)),
            8 => {
                let (right, thing) = self.dice.of_these(&[
                    ("no_create", Some(Thing::Lead)),
                    ("no_create", Some(Thing::Entry)),
                    ("no_edit", Some(Thing::Entry)),
                    ("no_edit", Some(Thing::Contact)),
                    ("no_edit", Some(Thing::Lead)),
                    ("api_disabled", None),
                ]);
                Hand::Withdraw { right, thing }
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
            _ => Choice::Shape(self.dice.of_these(shapes(self.crm))),
        }
    }
}
