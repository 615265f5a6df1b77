//! As many apps as a tenant may have.

use tests::world::{code, play, texts};

#[test]
fn a_live_chat_names_a_hundred_apps_and_all_are_shown() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let mut made = Vec::new();
        for number in 0..100 {
            let app = ada.create_app(&format!("App {number}"), "REQUEST", None).await;
            assert_eq!(code(&app), "", "{app}");
            made.push(app["app"]["id"].as_str().unwrap().to_owned());
        }
        let ids: Vec<&str> = made.iter().map(String::as_str).collect();
        let named = ada.name_apps(&support, &ids).await;
        assert_eq!(code(&named), "");
        let mut shown = texts(named["liveChat"]["apps"].as_array().unwrap(), "id");
        let all = ada.get("{ administration { apps { id } } }").await;
        let mut listed = texts(all["administration"]["apps"].as_array().unwrap(), "id");
        for list in [&mut made, &mut shown, &mut listed] {
            list.sort();
        }
        assert_eq!((&shown, &listed), (&made, &made));
    });
}
