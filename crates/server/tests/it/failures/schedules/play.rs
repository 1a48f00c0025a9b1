//! Plays a schedule: step by step, then the faults stop, and what is the matter in the org is put right.

use std::pin::Pin;

use causeway::{
    app::{App, Safety},
    holds, intake, lane,
    settings::{self, Wish, to_json},
    store::{connection, entry_list::Filter, integration, lane as due},
};
use futures_util::future::{Either, join, select};
use serde_json::{Value, json};

use super::{
    judge::{Judgement, judge},
    liar::{Liar, Lie},
    mortal,
    script::{Act, Choice, End, Schedule, Step, Trouble},
    stage::{self, Arena, Stage},
};
use crate::{
    failures::{
        story::states,
        trap::{Gate, Side, Trap, dropped_after},
    },
    store::engine::Place,
};

/// What a schedule came to.
pub struct Played {
    pub judgement: Judgement,
    /// What was done, by kind.
    pub counts: std::collections::BTreeMap<String, u64>,
    /// What happened, in words.
    pub diary: Vec<String>,
    /// Every request that the org was asked, and every record that it holds.
    pub trace: Value,
}

/// Plays it.
pub async fn play(arena: &mut Arena, schedule: &Schedule, safety: Safety, is_told: bool) -> Played {
    Box::pin(play_before(arena, schedule, (safety, None), is_told)).await
}

/// Plays it with somebody between us and the org.
pub async fn play_before(
    arena: &mut Arena,
    schedule: &Schedule,
    (safety, lie): (Safety, Option<Lie>),
    is_told: bool,
) -> Played {
    let mut stage = Stage::set(arena, schedule, safety).await;
    if let Some(lie) = lie {
        let http = Liar::before(&stage.world.app.http, lie);
        stage.nodes.iter_mut().for_each(|node| node.app.http = http.clone());
        stage.world.app.http = http;
    }
    stage.diary = is_told.then(Vec::new);
    for step in &schedule.steps {
        stage.step(step).await;
    }
    let mut judgement = Judgement::default();
    judgement.stuck.extend(stage.come_to_rest(schedule).await);
    judgement.add(judge(&stage, schedule).await);
    if stage.put_right(schedule).await {
        judgement.add(judge(&stage, schedule).await);
    }
    let requests = stage.world.sim("GET", "requests?last=5000", Value::Null).await;
    let records = stage.everything().await;
    Played {
        judgement,
        counts: std::mem::take(&mut stage.done.counts),
        diary: stage.diary.take().unwrap_or_default(),
        trace: json!({"requests": requests["requests"], "records": records}),
    }
}

impl Stage {
    /// One step; those within another come the same way.
    fn step<'a>(&'a mut self, step: &'a Step) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            self.tick();
            match step {
                Step::Tell { sayings, is_late, is_one_second } => {
                    let Some(body) = self.told.compose(&self.world, self.now, sayings, *is_one_second) else {
                        return;
                    };
                    if *is_late {
                        self.late.push(body);
                    } else {
                        self.post(body).await;
                    }
                }
                Step::Repeat(which) => {
                    if let Some(which) = which.checked_rem(self.come.len()) {
                        self.count("a webhook comes twice", 1);
                        self.post(self.come[which].clone()).await;
                    }
                }
                Step::Deliver(which) => {
                    if let Some(which) = which.checked_rem(self.late.len()) {
                        self.count("a webhook comes late", 1);
                        let body = self.late.remove(which);
                        self.post(body).await;
                    }
                }
                Step::Wait(seconds) => {
                    self.now += seconds;
                    self.tick();
                }
                Step::Skew { node, seconds } => {
                    self.count("a node's clock jumps", 1);
                    self.nodes[*node].skew = *seconds;
                    self.tick();
                }
                Step::Act { node, act, end } => Box::pin(self.act(*node, *act, end)).await,
                Step::Both(act) => self.both(*act).await,
                Step::Meanwhile { node, request, side, steps } => {
                    self.meanwhile(*node, (*request, *side), steps).await;
                }
                Step::Fault(trouble) => self.trouble(trouble).await,
                Step::Hand(hand) => self.lend(hand).await,
                Step::Choose(choice) => self.choose(choice).await,
            }
            self.note(format!("{step:?}")).await;
        })
    }

    /// A node acts, and its process may die of it.
    async fn act(&mut self, node: usize, act: Act, end: &End) {
        let id = self.world.connection_id;
        let at = &self.nodes[node];
        let app = at.app.clone();
        let died = match end {
            End::Lives => {
                run(&app, act, id).await;
                None
            }
            End::DiesAtRequest(request, side) => {
                let trap = Trap::at(&self.world, *request, *side);
                trap.pass(&app, id).await.is_none().then_some("a process dies at a request")
            }
            End::DiesAtWait(waits) if matches!(self.world.place, Place::Postgres(_)) => {
                dropped_after(*waits, run(&app, act, id))
                    .await
                    .is_none()
                    .then_some("a process dies at a wait")
            }
            End::DiesAtLook(looks) | End::DiesAtWait(looks) => {
                let app = mortal::with_looks(&app, &at.clock, &at.entropy, *looks);
                let ended = mortal::until_death(Box::pin(run(&app, act, id))).await;
                ended.is_none().then_some("a process dies between two steps")
            }
            End::StoreFails { table, request } => {
                self.without(table, *request, &app, act).await;
                Some("a table cannot be reached")
            }
        };
        if let Some(died) = died {
            self.count(died, 1);
        }
    }

    /// Something goes wrong in the org from here on.
    async fn trouble(&self, trouble: &Trouble) {
        let Trouble { kind, after, times, every, seconds, .. } = trouble;
        let fault = json!({"kind": kind, "after": after, "times": times, "every": every, "seconds": seconds});
        match trouble.thing {
            Some(thing) => self.curtain().strike_writing(fault, self.module(thing)).await,
            None => self.curtain().strike(fault, trouble.asking).await,
        }
    }

    /// A table is away: from that request of a pass on, or all the time that requests are read.
    async fn without(&self, table: &str, request: usize, app: &App, act: Act) {
        let (away, back) =
            (format!("ALTER TABLE {table} RENAME TO away"), format!("ALTER TABLE away RENAME TO {table}"));
        let id = self.world.connection_id;
        if act == Act::Read {
            self.world.place.run(&away).await;
            run(app, act, id).await;
        } else {
            let gate = Gate::at(&self.world, request, Side::BeforeHearing);
            let behind = gate.in_front_of(app);
            let pass = Box::pin(run(&behind, act, id));
            let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { return };
            self.world.place.run(&away).await;
            gate.open();
            pass.await;
        }
        self.world.place.run(&back).await;
    }

    async fn both(&mut self, act: Act) {
        let id = self.world.connection_id;
        let (one, two) = (self.nodes[0].app.clone(), self.nodes[1].app.clone());
        if matches!(self.world.place, Place::Postgres(_)) {
            join(Box::pin(run(&one, act, id)), Box::pin(run(&two, act, id))).await;
        } else {
            run(&one, act, id).await;
            self.tick();
            run(&two, act, id).await;
        }
        self.count("two nodes at once", 1);
    }

    async fn meanwhile(&mut self, node: usize, (request, side): (usize, Side), steps: &[Step]) {
        let id = self.world.connection_id;
        let gate = Gate::at(&self.world, request, side);
        let app = gate.in_front_of(&self.nodes[node].app);
        let pass = Box::pin(run(&app, Act::Work, id));
        let standing = match select(pass, Box::pin(gate.reached())).await {
            Either::Right(((), pass)) => Some(pass),
            Either::Left(_) => None,
        };
        for step in steps {
            self.step(step).await;
        }
        if let Some(pass) = standing {
            self.count("a node stands still at a request", 1);
            self.tick();
            gate.open();
            pass.await;
        }
    }

    /// An administrator changes the settings; what cannot be changed now is left.
    pub async fn choose(&mut self, choice: &Choice) {
        let (workspace_id, id) = (self.world.workspace_id, self.world.integration_id);
        let app = &self.nodes[0].app;
        let present =
            app.db.read(move |tx| Box::pin(integration::find(tx, workspace_id, id))).await.unwrap().unwrap();
        let mut settings = present.settings.clone();
        let mut state = None;
        match choice {
            Choice::Shape(shape) => settings.shape = *shape,
            Choice::Create(create) => settings.create = *create,
            Choice::Reopen(reopen) => settings.reopen = reopen.clone(),
            Choice::Pause => state = Some(integration::State::Paused),
            Choice::Resume => state = Some(integration::State::Active),
        }
        let wish = Wish { settings: to_json(&settings), state, revision: present.revision, by: None };
        if settings::change(app, workspace_id, id, wish).await.is_ok() {
            self.count("settings are changed", 1);
        }
    }

    /// The faults stop. What people have changed stays, and every hold is looked at again. Answers what is stuck.
    async fn come_to_rest(&mut self, schedule: &Schedule) -> Option<String> {
        let faults = self.world.sim("GET", "faults", Value::Null).await;
        for fault in faults["faults"].as_array().unwrap() {
            let struck = fault["struck"].as_u64().unwrap();
            self.count(&format!("org: {}", fault["kind"].as_str().unwrap()), struck);
        }
        self.world.sim("DELETE", "faults", Value::Null).await;
        for body in std::mem::take(&mut self.late) {
            self.post(body).await;
        }
        for node in &mut self.nodes {
            node.skew = 0;
        }
        self.reopen_doors().await;
        self.note("the faults stop".into()).await;
        let stuck = self.calm(schedule).await;
        if states(&self.world).await.keys().all(|(state, _)| state != "held") {
            return stuck;
        }
        self.retry().await;
        self.calm(schedule).await.or(stuck)
    }

    /// People give back what they took away; what they deleted or edited stays so. `false`: there is nothing to give.
    async fn put_right(&mut self, schedule: &Schedule) -> bool {
        if self.done.withdrawn.is_empty() && !self.done.demands {
            return false;
        }
        self.give_back().await;
        self.note("everything is given back".into()).await;
        self.retry().await;
        self.calm(schedule).await;
        true
    }

    /// Every hold is looked at again.
    pub async fn retry(&mut self) {
        self.tick();
        let app = &self.nodes[0].app;
        holds::retry_all(app, self.world.workspace_id, Filter::default(), false).await.unwrap();
        self.note("every hold is tried again".into()).await;
    }

    /// Time passes from one thing that is due to the next, until nothing is. What is due and does not get done is stuck.
    async fn calm(&mut self, schedule: &Schedule) -> Option<String> {
        let app = self.nodes[schedule.variant.survivor].app.clone();
        let id = self.world.connection_id;
        for round in 0..400 {
            self.tick();
            let read = intake::drain(&app).await.unwrap();
            self.tick();
            let passed = lane::pass(&app, id).await.unwrap();
            if round < 12 || self.diary.is_some() {
                self.note(format!("the survivor works: {passed:?}")).await;
            }
            if passed.batches > 0 && !passed.is_idle {
                continue;
            }
            let now = app.now();
            let (next, rests, reason, open) = app
                .db
                .read(move |tx| {
                    Box::pin(async move {
                        let counts = causeway::store::entry::counts(tx, id).await?;
                        let open = counts.iter().any(|(state, _, _)| state == "due");
                        let connection = connection::find(tx, id).await?;
                        let rests = connection.as_ref().and_then(|connection| connection.wait_until);
                        let reason = connection.and_then(|connection| connection.wait_reason);
                        Ok((due::next_due(tx, id, now).await?, rests, reason, open))
                    })
                })
                .await
                .unwrap();
            let rests_truly = stage::rests_truly(reason.as_deref(), &self.done);
            if (!open || rests_truly && !passed.is_idle) && !read.is_elsewhere {
                return None;
            }
            if schedule.variant.rotates && self.is_lost().await {
                // A refresh that came true late has used a token twice, and the org has ended the grant.
                self.count("the grant is lost to a late refresh", 1);
                self.reopen_doors().await;
                continue;
            }
            let next = [next, rests].into_iter().flatten().filter(|at| *at > now).min();
            // Another node may have died: its leases end by themselves.
            let next = if read.is_elsewhere || passed.is_idle {
                now + 20_000_000
            } else {
                next.unwrap_or(now + 1_000_000)
            };
            self.now = self.now.max((next + 999_999).div_euclid(1_000_000));
        }
        Some(format!("something is due and does not get done: {:?}", states(&self.world).await))
    }
}

/// A node does it. What fails is in the log of the product and tried again, as its own loops do.
async fn run(app: &App, act: Act, connection_id: i64) {
    match act {
        Act::Read => drop(intake::drain(app).await),
        Act::Work => drop(lane::pass(app, connection_id).await),
    }
}
