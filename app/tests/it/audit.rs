//! The page of the audit.

use operations::installation;

use crate::world::World;

#[tokio::test]
async fn entries_are_shown_filtered_and_exported_by_the_same_address() {
    let world = World::start().await;
    let none = world.get("/audit?action=job.queue").await;
    assert!(none.text(".empty").contains("No entry fits"));
    installation::pause(&world.cx).await.unwrap();
    installation::resume(&world.cx, true).await.unwrap();
    let page = world.get("/audit").await;
    let actions = page.texts("tbody th code");
    assert_eq!(actions[..2], ["installation.resume", "installation.pause"]);
    let filtered = world
        .get("/audit?action=installation.pause&from=2020-01-01&who=")
        .await;
    assert_eq!(filtered.texts("tbody th code"), ["installation.pause"]);
    let chosen = filtered.attribute("select[name=action] option[selected]", "value");
    assert_eq!(chosen.as_deref(), Some("installation.pause"));
    let export = filtered.attribute("a[download]", "href").unwrap();
    assert_eq!(
        export,
        "/audit/export?action=installation.pause&from=2020-01-01&format=csv"
    );
    let wrong = world.get("/audit?from=soon").await;
    assert!(wrong.text(".error").contains("It must be a day"));
    assert!(!wrong.has("tbody"));
}

#[tokio::test]
async fn older_entries_are_a_link_away() {
    let world = World::start().await;
    for _ in 0..26 {
        installation::pause(&world.cx).await.unwrap();
        installation::resume(&world.cx, true).await.unwrap();
    }
    let page = world.get("/audit?kind=installation").await;
    assert_eq!(page.texts("tbody tr").len(), 50);
    let older = page.attribute(".card-foot a", "href").unwrap();
    assert!(
        older.starts_with("/audit?kind=installation&before="),
        "{older}"
    );
    let last = page.texts("tbody td.num").last().cloned().unwrap();
    let page = world.get(&older).await;
    let next: i64 = page.text("tbody td.num").parse().unwrap();
    assert_eq!(next, last.parse::<i64>().unwrap() - 1);
}
