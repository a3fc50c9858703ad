//! The checkpoints of a run.

use super::plan::CheckpointPlan;
use super::{About, Checkpoint, read, write};
use crate::error::{Error, Result};
use crate::files::remove_unfinished;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tch::Tensor;

/// The folder `checkpoints` of a run.
#[derive(Debug)]
pub(in crate::train) struct Checkpoints {
    folder: PathBuf,
    plan: CheckpointPlan,
    written: Instant,
    /// The newest one that is known to be good.
    good: Option<(usize, PathBuf)>,
}

/// The newest checkpoint that is good.
#[derive(Debug)]
pub(in crate::train) struct Newest {
    pub(in crate::train) path: PathBuf,
    pub(in crate::train) checkpoint: Checkpoint,
    /// Why newer ones are not used, the newest first, each with how far it was.
    pub(in crate::train) refused: Vec<(usize, Error)>,
}

impl Checkpoints {
    /// For a new run: checkpoints of an earlier one are removed.
    pub(in crate::train) fn create(run: &Path, plan: CheckpointPlan) -> Result<Self> {
        let folder = run.join("checkpoints");
        std::fs::create_dir_all(&folder).map_err(|e| Error::io("make the folder", &folder, &e))?;
        for (_, path) in list(&folder)? {
            std::fs::remove_file(&path).map_err(|e| Error::io("remove", &path, &e))?;
        }
        Self::open(run, plan, 0)
    }

    /// For a run that goes on after `step` steps. What it saved later than that is put aside: it is damaged.
    pub(in crate::train) fn open(run: &Path, plan: CheckpointPlan, step: usize) -> Result<Self> {
        let folder = run.join("checkpoints");
        for folder in [run, &folder] {
            remove_unfinished(folder).map_err(|e| Error::io("clean up", folder, &e))?;
        }
        for (_, path) in list(&folder)?.into_iter().filter(|(later, _)| *later > step) {
            let aside = path.with_extension("damaged");
            std::fs::rename(&path, aside).map_err(|e| Error::io("rename", &path, &e))?;
        }
        let good = list(&folder)?.into_iter().next();
        Ok(Self { folder, plan, written: Instant::now(), good })
    }

    /// Whether one is due within an epoch, after `step` steps.
    pub(in crate::train) fn is_due_at_step(&self, step: usize) -> bool {
        self.plan.every.is_due_at_step(step, self.written.elapsed().as_secs_f64())
    }

    /// Whether one is due after an epoch.
    pub(in crate::train) fn is_due_at_epoch(&self, epoch: usize) -> bool {
        self.plan.every.is_due_at_epoch(epoch)
    }

    /// Writes one, and then removes those that need not be kept.
    pub(in crate::train) fn save(&mut self, about: &About, tensors: Vec<(String, Tensor)>) -> Result<()> {
        let path = self.folder.join(format!("step-{:08}.safetensors", about.state.step));
        write(&path, about, tensors)?;
        self.written = Instant::now();
        self.good = Some((about.state.step, path));
        let best = about.state.best().map(|result| result.step);
        let kept = self.plan.keep.get();
        let others = list(&self.folder)?.into_iter().skip(kept).filter(|(step, _)| Some(*step) != best);
        for (_, old) in others {
            std::fs::remove_file(&old).map_err(|e| Error::io("remove", &old, &e))?;
        }
        Ok(())
    }

    /// An error with the checkpoint from which one can go on after it.
    pub(in crate::train) fn explain(&self, error: Error) -> Error {
        match &self.good {
            None => error,
            Some((step, path)) => {
                error.and(&format!("\nthe newest checkpoint is that of step {step}, `{}`", path.display()))
            }
        }
    }
}

impl Newest {
    /// What to say of newer ones that are not used.
    pub(in crate::train) fn warnings(&self) -> Vec<String> {
        let step = self.checkpoint.about.state.step;
        let mut lines: Vec<String> = self.refused.iter().map(|(_, why)| format!("warning: {why}")).collect();
        lines.extend(self.refused.first().map(|(newest, _)| {
            let lost = match newest.saturating_sub(step) {
                1 => "1 step is".to_owned(),
                lost => format!("{lost} steps are"),
            };
            format!("going on from `{}`: {lost} made again", self.path.display())
        }));
        lines
    }
}

/// The newest good checkpoint of the run in the folder `run`.
///
/// # Errors
/// When there is none, with what is wrong with each.
pub(in crate::train) fn newest(run: &Path) -> Result<Newest> {
    let folder = run.join("checkpoints");
    if !folder.is_dir() {
        return Err(Error::failed(format!(
            "`{}` is not the folder of a run that can go on: it has no checkpoints",
            run.display()
        )));
    }
    let mut refused = Vec::new();
    for (step, path) in list(&folder)? {
        match read(&path) {
            Ok(checkpoint) => return Ok(Newest { path, checkpoint, refused }),
            Err(why) => refused.push((step, why)),
        }
    }
    if refused.is_empty() {
        return Err(Error::failed(format!(
            "`{}` has no checkpoint: the run had not begun when it ended; begin it again with --force",
            folder.display()
        )));
    }
    let reasons: Vec<String> = refused.iter().map(|(_, why)| format!("\n  {why}")).collect();
    Err(Error::failed(format!("no checkpoint in `{}` can be used:{}", folder.display(), reasons.concat())))
}

/// Whether the run in this folder can perhaps go on: whether it has a checkpoint, whatever is in it.
pub fn has_checkpoint(run: &Path) -> bool {
    list(&run.join("checkpoints")).is_ok_and(|found| !found.is_empty())
}

/// The checkpoints in a folder, the newest first, with their steps.
fn list(folder: &Path) -> Result<Vec<(usize, PathBuf)>> {
    let failed = |e| Error::io("read the folder", folder, &e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let step = name.and_then(|name| name.strip_prefix("step-")?.strip_suffix(".safetensors")?.parse().ok());
        found.extend(step.map(|step: usize| (step, path)));
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}
