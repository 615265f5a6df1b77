//! Leases that were written by a clock which was wrong: nobody stays online by them.

use super::*;

const HOUR_MILLIS: u64 = 3_600_000;

impl Still {
    /// The store of another instance, whose clock stands so far ahead.
    fn ahead(&self, millis: u64) -> Store {
        let clock = Seeded::still(4);
        clock.pass(self.app.store.now().millis_since(START) + millis);
        let client = Wire::new(self.database.clone()).client(1);
        Store::new(client, Tables::default(), Arc::new(clock))
    }

    /// Creates a person who is online, whose lease the clock that is ahead wrote.
    async fn online_ahead(&self, name: &str) -> Person {
        let person = person(name);
        let ahead = self.ahead(HOUR_MILLIS);
        ahead.of(&person.tenant).watch_lease(&person.id).await.unwrap();
        ahead.choose_presence(&person, Choice::Online).await.unwrap();
        person
    }

    /// Returns the milliseconds that a lease has left.
    async fn lasts(&self, who: &Person) -> u64 {
        let (store, people) = (&self.app.store, std::slice::from_ref(&who.id));
        store.of(&who.tenant).leases(people).await.unwrap()[&who.id].millis_since(store.now())
    }
}

#[test]
fn a_walk_makes_a_lease_end_soon_that_a_clock_an_hour_ahead_wrote_and_the_next_tells_it() {
    still(async |world| {
        let (ann, bob) = (world.online_ahead("ann").await, world.online("bob").await);
        assert_eq!(world.lasts(&ann).await, HOUR_MILLIS + LEASE_MILLIS);
        assert!(!world.is_online(&ann).await, "it says nothing about when she was heard of");
        assert_eq!(world.sweep().await, NOTHING);
        assert_eq!(world.lasts(&ann).await, SHORTENED_MILLIS);
        assert_eq!(world.lasts(&bob).await, LEASE_MILLIS, "one that is right stays");
        // Not put off by further sweeps.
        world.clock.pass(SHORTENED_MILLIS - 1);
        assert_eq!(world.sweep().await, NOTHING);
        assert_eq!(world.lasts(&ann).await, 1);
        world.clock.pass(1_001);
        assert_eq!(world.sweep().await, ONE_LAPSED);
        assert_eq!((world.is_online(&ann).await, world.is_online(&bob).await), (false, true));
        assert_eq!(world.watched(), 1);
    });
}

#[test]
fn whoever_is_there_renews_a_lease_of_an_hour_ahead_and_stays_online() {
    still(async |world| {
        let ann = world.online_ahead("ann").await;
        world.app.store.of(&ann.tenant).renew_lease(&ann.id).await.unwrap();
        assert_eq!(world.lasts(&ann).await, LEASE_MILLIS);
        assert!(world.is_online(&ann).await);
        assert_eq!(world.sweep().await, NOTHING);
        assert_eq!(world.lasts(&ann).await, LEASE_MILLIS);
        world.clock.pass(LEASE_MILLIS + 1_000);
        assert_eq!(world.sweep().await, ONE_LAPSED);
    });
}

#[test]
fn a_clock_that_is_a_little_ahead_costs_nobody_their_lease() {
    still(async |world| {
        let ann = person("ann");
        let ahead = world.ahead(5_000);
        ahead.of(&ann.tenant).watch_lease(&ann.id).await.unwrap();
        ahead.choose_presence(&ann, Choice::Online).await.unwrap();
        assert_eq!(world.sweep().await, NOTHING);
        assert_eq!(world.lasts(&ann).await, LEASE_MILLIS + 5_000);
        assert!(world.is_online(&ann).await);
    });
}
