//! Races of those who claim one session or reply to it at the same time.

use domain::{EmployeeId, LiveChatId, Roles, TenantId};
use functions::identity::Employee;
use futures::future::join_all;
use serde_json::Value;
use tests::world::{Person, World, code, play, texts};

/// More operators of Support than the demo has, online.
async fn crowd(world: &World, count: usize) -> Vec<Person> {
    let app = &world.running.app;
    let (tenant, support) =
        (TenantId::parse("demo").unwrap(), LiveChatId::parse("support").unwrap());
    let mut people = Vec::new();
    for number in 0..count {
        let id = format!("op{number}");
        let employee = EmployeeId::parse(&id).unwrap();
        app.store.of(&tenant).set_member(&support, &employee, Roles::OPERATOR).await.unwrap();
        let who =
            Employee { id: id.clone(), name: format!("Op {number}"), is_administrator: false };
        let expires = i64::try_from(app.store.now().as_seconds()).unwrap() + 3600;
        let token = app.identity.signer().unwrap().sign_employee("demo", who, expires).unwrap();
        people.push(world.holder(&id, Some(token)));
    }
    join_all(people.iter().map(|person| person.presence("ONLINE"))).await;
    people
}

#[test]
fn exactly_one_of_50_claimers_wins_and_49_are_told_who() {
    play(async |world| {
        let people = crowd(world, 50).await;
        world.client("Zoe").await.post("Hello").await;
        let id = people[0].waiting().await;
        let claims = join_all(people.iter().map(|person| person.claim(&id))).await;
        let won: Vec<_> = claims.iter().filter(|payload| code(payload).is_empty()).collect();
        assert_eq!(won.len(), 1, "{won:?}");
        let winner = &won[0]["session"]["operator"];
        assert!(winner["name"].as_str().unwrap().starts_with("Op "));
        for lost in claims.iter().filter(|payload| !code(payload).is_empty()) {
            assert_eq!(code(lost), "ALREADY_CLAIMED");
            assert_eq!(lost["claimedBy"], *winner);
            assert_eq!(lost["session"], Value::Null);
        }
        let dialog = world.employee("sue").await.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT"]);
        assert_eq!(world.employee("sue").await.badge().await, [0; 4]);
    });
}

#[test]
fn a_race_of_few_people_who_hammer_has_one_winner() {
    play(async |world| {
        let mut people = Vec::new();
        for name in ["ann", "bob", "dan", "bea"] {
            people.push(world.online(name).await);
        }
        world.client("Zoe").await.post("Hello").await;
        let id = people[0].waiting().await;
        let claims = people.iter().flat_map(|person| {
            let id = &id;
            (0..8).map(move |_| async move { (person.name.clone(), person.claim(id).await) })
        });
        let claims = join_all(claims).await;
        let mut winners: Vec<_> = claims
            .iter()
            .filter(|(_, payload)| code(payload).is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        // The operator who has it already may claim it again: no error.
        assert_eq!(winners.len(), 8);
        winners.dedup();
        assert_eq!(winners.len(), 1);
        let dialog = world.employee("sue").await.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT"]);
    });
}

#[test]
fn one_of_several_who_reply_at_once_gets_the_session() {
    play(async |world| {
        let mut people = Vec::new();
        for name in ["ann", "bob", "dan", "bea"] {
            people.push(world.online(name).await);
        }
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = people[0].waiting().await;
        let sent = join_all(people.iter().map(|person| person.reply(&id, "Hi"))).await;
        let won = sent.iter().filter(|payload| code(payload).is_empty()).count();
        let lost = sent.iter().filter(|payload| code(payload) == "ALREADY_CLAIMED").count();
        assert_eq!((won, lost), (1, 3));
        assert_eq!(zoe.conversation(None).await.len(), 2);
    });
}
