use super::*;
use operations::iam::generate::grant_statement;
use proptest::prelude::*;

const OURS: &str = "Ch01KATTTTTTTTTTTTTTTTTTTTTT";

fn ours() -> Statement {
    let promoter = "arn:aws:iam::333333333333:role/customhouse-promoter";
    let version = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1";
    grant_statement(
        OURS,
        &promoter.parse().unwrap(),
        &version.parse().unwrap(),
        None,
    )
    .unwrap()
}

/// A statement of somebody else's, as people and programs write them.
fn theirs() -> impl Strategy<Value = String> {
    let white = proptest::sample::select(vec!["", " ", "\n  ", "\t", " \r\n"]);
    let sid = proptest::option::of("[A-Za-z0-9]{1,12}");
    let odd = proptest::sample::select(vec![
        "*",
        r"arn:aws:iam::123456789012:role\/x",
        r"arn:aws:iam::123456789012:role/a\u0062c",
    ]);
    let condition = proptest::sample::select(vec![
        String::new(),
        r#","Condition":{"StringEquals":{"aws:PrincipalTag/x":["}],{\"","\\"]}}"#.to_owned(),
        r#" , "Condition" : { "Bool" : { "aws:SecureTransport" : true } }"#.to_owned(),
    ]);
    (white, sid, odd, condition).prop_map(|(white, sid, principal, condition)| {
        let sid = sid
            .map(|sid| format!("\"Sid\":{white}\"{sid}\",{white}"))
            .unwrap_or_default();
        let principal = if principal == "*" {
            "\"*\"".to_owned()
        } else {
            format!("{{{white}\"AWS\":{white}\"{principal}\"}}")
        };
        format!(
            "{{{white}{sid}\"Effect\":\"Deny\",{white}\"Principal\" :{principal},\
             \"Action\":[\"rekognition:CopyProjectVersion\"]{white},\"Resource\":\"*\"{condition}{white}}}"
        )
    })
}

/// A document of theirs, with or without a statement of ours somewhere in it.
fn documents() -> impl Strategy<Value = (Vec<String>, String)> {
    let white = proptest::sample::select(vec!["", " ", "\n\n", "\t "]);
    let place = proptest::option::of(0..6_usize);
    (
        proptest::collection::vec(theirs(), 0..5),
        place,
        white,
        any::<bool>(),
    )
        .prop_filter("a document has a statement", |(theirs, place, ..)| {
            place.is_some() || !theirs.is_empty()
        })
        .prop_map(|(theirs, place, white, bare)| {
            let mut all = theirs.clone();
            if let Some(place) = place {
                all.insert(place.min(all.len()), alone(&ours()));
            }
            let list = if bare && all.len() == 1 {
                all.remove(0)
            } else {
                let joined = all.join(&format!("{white},{white}"));
                format!("[{white}{joined}{white}]")
            };
            let text = format!(
                "{white}{{{white}\"Version\":\"2012-10-17\",{white}\"Statement\"{white}:{white}{list}{white},\"Id\":\"Statement\"}}{white}"
            );
            (theirs, text)
        })
}

/// The texts of the statements that are not ours, in order.
fn others(text: &str) -> Vec<String> {
    let document = PolicyDocument::parse(text).unwrap();
    let spans = spans(text);
    assert_eq!(spans.statements.len(), document.statements.len(), "{text}");
    let both = spans.statements.into_iter().zip(&document.statements);
    both.filter(|(_, statement)| !statement.is_named(OURS))
        .map(|(span, _)| text[span].to_owned())
        .collect()
}

proptest! {
    #[test]
    fn the_statements_of_others_keep_every_byte((theirs, text) in documents()) {
        prop_assert_eq!(&others(&text), &theirs);
        let with = with_statement(&text, &ours()).unwrap();
        let document = PolicyDocument::parse(&with).unwrap();
        prop_assert_eq!(document.statement(OURS), Some(&ours()));
        prop_assert_eq!(document.statements.len(), theirs.len() + 1);
        prop_assert_eq!(&others(&with), &theirs, "{}", with);
        // Putting it twice changes nothing.
        prop_assert_eq!(with_statement(&with, &ours()).unwrap(), with.clone());
        match without_statement(&with, OURS).unwrap() {
            None => prop_assert!(theirs.is_empty()),
            Some(without) => {
                prop_assert_eq!(&others(&without), &theirs, "{}", without);
                let document = PolicyDocument::parse(&without).unwrap();
                prop_assert_eq!(document.statements.len(), theirs.len());
            }
        }
    }

    #[test]
    fn what_is_no_document_is_not_edited(text in ".{0,60}") {
        if PolicyDocument::parse(&text).is_err() {
            prop_assert!(with_statement(&text, &ours()).is_err());
            prop_assert!(without_statement(&text, OURS).is_err());
        }
    }
}

#[test]
fn several_of_one_name_become_one() {
    let one = alone(&ours());
    let other = one.replace("v7", "v6");
    let theirs = r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#;
    let text = format!(r#"{{"Statement":[{other},{theirs},{other}]}}"#);
    let with = with_statement(&text, &ours()).unwrap();
    assert_eq!(with, format!(r#"{{"Statement":[{one},{theirs}]}}"#));
    let without = without_statement(&text, OURS).unwrap();
    assert_eq!(without, Some(format!(r#"{{"Statement":[{theirs}]}}"#)));
}
