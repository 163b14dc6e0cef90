//! What to call somebody.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::Actor;
use store::Reader;

/// What somebody is called at present, for pages: a person's name, or what part of the product it
/// is. Untrusted text.
pub async fn name_of(cx: &OpContext, actor: &Actor) -> OpResult<String> {
    named(&mut cx.store.read().await?, actor).await
}

/// The same within a transaction.
pub(crate) async fn named(reader: &mut Reader, actor: &Actor) -> OpResult<String> {
    let person = match actor {
        Actor::Person { id } => store::people::find(reader, *id).await?,
        _ => None,
    };
    Ok(person.map_or_else(|| actor.to_string(), |person| person.name))
}
