//! Numbered pieces of work that threads do ahead of time, and whose results come in the order of their numbers.

use crate::error::{Error, Result};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// How many results are made ready beyond those that the threads are working on.
const AHEAD: usize = 2;

/// More threads than this are not started unless someone asks for them: by then something else is the bottleneck.
const MOST_BY_DEFAULT: usize = 16;

/// As many threads as there are processors, within reason.
pub fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(MOST_BY_DEFAULT))
}

/// The results of `work` for each number of a range, in order. After an error there are no more.
///
/// At most as many results as there are threads, and [`AHEAD`] more, are in memory at a time. When this is dropped, the
/// threads stop at the next piece of work that looks at its [`Stop`], and are waited for.
pub(crate) struct InOrder<T> {
    work: Arc<Work<T>>,
    /// What is still to be returned, and what is still to be given to the threads.
    unreturned: Range<usize>,
    unasked: Range<usize>,
    /// Numbers to the threads; results, each with its number, from them.
    numbers: Option<Sender<usize>>,
    results: Receiver<(usize, Result<T>)>,
    /// Results that came before those with lower numbers.
    early: BTreeMap<usize, Result<T>>,
    stop: Stop,
    threads: Vec<JoinHandle<()>>,
}

type Work<T> = dyn Fn(usize, &Stop) -> Result<T> + Send + Sync;

/// Tells long pieces of work that nobody wants their result any more.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether to give up.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<T: Send + 'static> InOrder<T> {
    /// Does `work` for each of `numbers` in `threads` threads; with 0, in the thread that asks for the results.
    pub(crate) fn new(
        numbers: Range<usize>,
        threads: usize,
        work: impl Fn(usize, &Stop) -> Result<T> + Send + Sync + 'static,
    ) -> Self {
        let work: Arc<Work<T>> = Arc::new(work);
        let stop = Stop::default();
        let (sender, queue) = unbounded();
        let (answers, results) = unbounded();
        let start = |_| {
            let (work, queue, answers, stop) = (work.clone(), queue.clone(), answers.clone(), stop.clone());
            let thread = std::thread::Builder::new().name("images".to_owned());
            thread.spawn(move || run(&*work, &queue, &answers, &stop))
        };
        // Where the system gives no more threads, those that there are do it.
        let threads: Vec<_> = (0..threads.min(numbers.len())).map(start).map_while(std::io::Result::ok).collect();
        let early = BTreeMap::new();
        let unasked = numbers.clone();
        let mut all = Self { work, unreturned: numbers, unasked, numbers: Some(sender), results, early, stop, threads };
        if !all.threads.is_empty() {
            (0..all.threads.len() + AHEAD).for_each(|_| all.ask());
        }
        all
    }

    /// The numbers whose results have not been returned yet.
    pub(crate) fn rest(&self) -> Range<usize> {
        self.unreturned.clone()
    }

    /// Gives the threads one more number.
    fn ask(&mut self) {
        if let (Some(number), Some(numbers)) = (self.unasked.next(), &self.numbers) {
            // The threads take numbers until there can be no more.
            let _ = numbers.send(number);
        }
    }

    /// The result with this number, which is the lowest that has not been returned.
    fn take(&mut self, number: usize) -> Result<T> {
        if self.threads.is_empty() {
            return guarded(|| (self.work)(number, &self.stop), || number.to_string());
        }
        let result = loop {
            if let Some(result) = self.early.remove(&number) {
                break result;
            }
            match self.results.recv() {
                Ok((number, result)) => drop(self.early.insert(number, result)),
                Err(_) => break Err(Error::failed("the threads that prepare images have died")),
            }
        };
        self.ask();
        result
    }
}

impl<T: Send + 'static> Iterator for InOrder<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let number = self.unreturned.start;
        if self.unreturned.is_empty() || self.stop.is_set() {
            return None;
        }
        let result = self.take(number);
        if result.is_ok() {
            self.unreturned.start += 1;
        } else {
            self.stop.0.store(true, Ordering::Relaxed);
        }
        Some(result)
    }
}

impl<T> Drop for InOrder<T> {
    fn drop(&mut self) {
        self.stop.0.store(true, Ordering::Relaxed);
        self.numbers = None;
        for thread in self.threads.drain(..) {
            // What panicked in there has been caught and reported.
            let _ = thread.join();
        }
    }
}

/// What a thread does.
fn run<T>(work: &Work<T>, queue: &Receiver<usize>, answers: &Sender<(usize, Result<T>)>, stop: &Stop) {
    for number in queue {
        if stop.is_set() || answers.send((number, guarded(|| work(number, stop), || number.to_string()))).is_err() {
            return;
        }
    }
}

/// The result of `work`; if it panics, an error that says what it was working on.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>, on: impl FnOnce() -> String) -> Result<T> {
    // Nothing that the work has changed is looked at after a panic, but for what locks protect.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("no reason is given");
        Err(Error::failed(format!("{}: a bug in this program, which panicked: {text}", on())))
    })
}
