//! A store function on its way to the connection that will run it, and its answer on the way back.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::{Error, Result, Tx};

/// What a store function returns to [`super::Db`]: `Box::pin(async move { .. })`.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A store function whose result type is forgotten, so that many can wait in one queue.
pub(super) trait Job: Send {
    /// Runs the function and keeps its result. An error (also a panic) means: undo what it did.
    fn run<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> Fut<'a, ()>;
    /// Whether it can be run (again).
    fn can_run(&self) -> bool;
    /// Whether it can be run again after it was undone.
    fn is_repeatable(&self) -> bool;
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Tells the caller. `fate` is what became of the transaction; the function's own error goes first.
    fn answer(self: Box<Self>, fate: Result<()>);
}

/// A function `F` with a result `T`. `next` hands out the function: a clone each time, or itself once.
pub(super) struct Work<F, T> {
    function: Option<F>,
    next: fn(&mut Option<F>) -> Option<F>,
    is_repeatable: bool,
    result: Option<Result<T>>,
    caller: oneshot::Sender<Result<T>>,
}

impl<F, T> Work<F, T>
where
    F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T> + Send + 'static,
    T: Send + 'static,
{
    /// Work that can be run once.
    pub(super) fn once(function: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T>>) {
        Self::boxed(function, Option::take, false)
    }

    /// Work that can be run again when the transaction has to be repeated.
    pub(super) fn repeatable(function: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T>>)
    where
        F: Clone,
    {
        Self::boxed(function, |function| function.clone(), true)
    }

    fn boxed(
        function: F,
        next: fn(&mut Option<F>) -> Option<F>,
        is_repeatable: bool,
    ) -> (Box<dyn Job>, oneshot::Receiver<Result<T>>) {
        let (caller, answer) = oneshot::channel();
        (Box::new(Self { function: Some(function), next, is_repeatable, result: None, caller }), answer)
    }
}

impl<F, T> Job for Work<F, T>
where
    F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T> + Send + 'static,
    T: Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> Fut<'a, ()> {
        Box::pin(async move {
            let function = (self.next)(&mut self.function).expect("can_run is asked before run");
            // On SQLite there is only one poll: this stays the result if the function was not done by then.
            self.result = Some(Err(Error::sql("running a transaction", ELSEWHERE)));
            let result = guarded(function, tx).await;
            let end = result.as_ref().map(|_| ()).map_err(Clone::clone);
            self.result = Some(result);
            end
        })
    }

    fn can_run(&self) -> bool {
        self.function.is_some()
    }

    fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn answer(self: Box<Self>, fate: Result<()>) {
        let result = match (self.result, fate) {
            (Some(Err(own)), _) | (_, Err(own)) => Err(own),
            (Some(ok), Ok(())) => ok,
            (None, Ok(())) => Err(Error::closed()),
        };
        drop(self.caller.send(result));
    }
}

/// Runs a function to its end; a panic and a failed statement that it ignored are errors too.
pub(super) async fn guarded<F, T>(function: F, tx: &mut Tx<'_>) -> Result<T>
where
    F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T>,
{
    let outcome = AssertUnwindSafe(async { function(&mut *tx).await }).catch_unwind().await;
    match (outcome, tx.failure()) {
        (Err(panic), _) => Err(Error::Panicked { what: message(panic.as_ref()) }),
        (Ok(Ok(_)), Some(ignored)) => Err(ignored),
        (Ok(result), _) => result,
    }
}

const ELSEWHERE: &str = "it awaited something other than the database";

fn message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
