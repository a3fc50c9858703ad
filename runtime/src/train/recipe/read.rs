//! Files of recipes.

use crate::error::{Error, Result};
use std::io::ErrorKind;
use std::path::Path;

/// The text of the file at `path`, or, if there is none and it is the name of one, of an embedded recipe; and its name.
pub(super) fn text(path: &Path) -> Result<(String, String)> {
    if let Some(recipe) = path.to_str().filter(|_| !path.exists()).and_then(googlenetc_specs::recipe) {
        return Ok((recipe.text.to_owned(), recipe.file.to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|e| {
        let names: Vec<&str> = googlenetc_specs::RECIPES.iter().map(|recipe| recipe.name).collect();
        let error = Error::io("read the recipe", path, &e);
        if e.kind() == ErrorKind::NotFound {
            return Error::failed(format!("{error}; the names of recipes are {}", names.join(", ")));
        }
        error
    })?;
    Ok((text, path.display().to_string()))
}
