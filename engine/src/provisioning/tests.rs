use std::{fs, path::PathBuf};

use hozon_model::StorageCredentials;
use tempfile::TempDir;

use super::{service::signature, *};

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// A hook that the shell runs, with the place where its script lies.
fn script(text: &str) -> (TempDir, PathBuf, Provisioning) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hook");
    fs::write(&path, text).unwrap();
    let hook = Hook::Program {
        path: "/bin/sh".into(),
        arguments: vec![path.display().to_string(), "fixed words".to_owned()],
    };
    (directory, path, Provisioning::of(hook))
}

async fn ask(hook: &Provisioning) -> Result<Answer> {
    let (project, cluster) = (ProjectId::default(), ClusterId::new("in01-new"));
    let question = Question {
        request_id: "request-1",
        project_id: &project,
        project_name: "検索",
        plan: "Enterprise",
        region_id: "self-hosted",
        cluster_id: &cluster,
        cluster_name: "new",
        cu_size: 2,
        collection_status: "KEEP",
        restore_version_policy: "LATEST",
        backup_id: &BackupId::new("backup0_1"),
        milvus_version: "v2.3.5",
    };
    hook.ask(&question, true).await
}

/// Why a script's answer is not taken.
async fn why(text: &str) -> String {
    let (_directory, _, hook) = script(text);
    let error = ask(&hook).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ProvisioningFailed);
    assert_eq!(error.report().subject, "new");
    assert!(!error.report().hint.is_empty());
    error.report().detail.clone()
}

#[tokio::test]
async fn a_program_gets_the_question_and_nothing_else() {
    let (directory, path, hook) = script(
        "cat > \"$0.question\"\nenv > \"$0.environment\"\necho \"$1\" > \"$0.argument\"\nprintf '{\"wait\": 7}'\n",
    );
    let answer = ask(&hook).await.unwrap();
    assert!(matches!(answer, Answer::Wait(pause) if pause == Duration::from_secs(7)));
    let read =
        |name: &str| fs::read_to_string(directory.path().join(format!("hook.{name}"))).unwrap();
    assert!(path.is_file());
    let question: serde_json::Value = serde_json::from_str(&read("question")).unwrap();
    for (name, value) in [
        ("requestId", "request-1"),
        ("projectId", ProjectId::DEFAULT),
        ("projectName", "検索"),
        ("plan", "Enterprise"),
        ("regionId", "self-hosted"),
        ("clusterId", "in01-new"),
        ("clusterName", "new"),
        ("collectionStatus", "KEEP"),
        ("restoreVersionPolicy", "LATEST"),
        ("backupId", "backup0_1"),
        ("milvusVersion", "v2.3.5"),
    ] {
        assert_eq!(question[name], value, "{name}");
    }
    assert_eq!(
        (&question["version"], &question["cuSize"]),
        (&1.into(), &2.into())
    );
    let sent: Timestamp = question["sentAt"].as_str().unwrap().parse().unwrap();
    assert!(sent <= Timestamp::now());
    let environment = read("environment");
    assert!(environment.contains("PATH="), "{environment}");
    assert!(!environment.contains("CARGO"), "{environment}");
    assert_eq!(read("argument"), "fixed words\n");
}

#[tokio::test]
async fn a_program_that_does_not_read_is_heard_all_the_same() {
    let (_directory, _, hook) = script("printf '{\"wait\": 1}'\n");
    assert!(matches!(ask(&hook).await.unwrap(), Answer::Wait(_)));
}

#[tokio::test]
async fn what_a_program_does_wrong_is_named_without_its_words() {
    for (text, part) in [
        ("echo hush; exit 3", "exit status: 3"),
        ("kill -9 $$", "signal: 9"),
        ("printf 'password: hush'", "is no JSON from line 1"),
        ("printf '[\"hush\"]'", "is JSON, but no object"),
        ("head -c 300000 /dev/zero", "longer than 262144 bytes"),
        (
            "printf '%s' '{\"refused\":\"no quota\\nleft\"}'",
            "it refuses: no quotaleft",
        ),
    ] {
        let why = why(text).await;
        assert!(
            why.contains(part) && why.contains("request-1"),
            "{text}: {why}"
        );
        assert!(!why.contains("hush"), "{text}: {why}");
    }
    let nowhere = Provisioning::of(Hook::Program {
        path: "/nowhere/at/all".into(),
        arguments: Vec::new(),
    });
    let error = ask(&nowhere).await.unwrap_err();
    assert!(
        error.to_string().contains("could not be started"),
        "{error}"
    );
}

#[tokio::test]
async fn a_program_that_takes_too_long_is_killed_with_what_it_started() {
    let (directory, _, hook) = script("(sleep 2; echo alive > \"$0.alive\") &\nwait\n");
    let hook = Provisioning {
        answer: Duration::from_millis(500),
        ..hook
    };
    let error = ask(&hook).await.unwrap_err();
    assert!(
        error.to_string().contains("no answer within 500ms"),
        "{error}"
    );
    assert!(error.report().hint.contains("answer_seconds"), "{error}");
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(!directory.path().join("hook.alive").exists());
}

#[tokio::test]
async fn nobody_at_an_address_is_named_without_its_path() {
    let hook = Hook::service("http://127.0.0.1:1/hush/hook", secret("s"), true).unwrap();
    let error = ask(&Provisioning::of(hook)).await.unwrap_err();
    let text = format!("{error} {:?}", error.report());
    assert!(text.contains("http://127.0.0.1:1, request"), "{text}");
    assert!(text.contains("cannot be reached"), "{text}");
    assert!(!text.contains("hush"), "{text}");
}

#[test]
fn a_service_may_be_where_stores_may_be() {
    for url in [
        "http://127.0.0.1:8080/hook",
        "http://10.0.0.7",
        "http://localhost",
    ] {
        assert!(Hook::service(url, secret("s"), true).is_ok(), "{url}");
        let refused = Hook::service(url, secret("s"), false).unwrap_err();
        assert_eq!(refused.report().subject, "provisioning.url");
        assert!(
            refused.report().detail.contains("private address"),
            "{refused}"
        );
    }
    for url in [
        "http://169.254.169.254/latest",
        "ftp://hook.example.org",
        "https://user:hush@hook.example.org",
        "https://hook.example.org/?token=hush",
        "hush",
    ] {
        let refused = Hook::service(url, secret("s"), true).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput, "{url}");
        assert!(!format!("{refused:?}").contains("hush"), "{refused:?}");
    }
    let hook = Hook::service("https://hook.example.org/a", secret("hush"), false).unwrap();
    assert!(!format!("{hook:?}").contains("hush"));
}

/// The second test case of RFC 4231.
#[test]
fn the_signature_is_the_one_that_everybody_computes() {
    assert_eq!(
        signature(&secret("Jefe"), b"what do ya want for nothing?"),
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn an_answer_is_what_registers_a_cluster() {
    let text = r#"{"address":"https://new:19530","username":"root","password":" hush","token":"","caCertificate":null,
        "storageUrl":"s3://bucket/files","storageEndpoint":"http://s3:9000","storageRegion":"us-east-1",
        "storageAccessKey":"key","storageSecretKey":"hush"}"#;
    let Answer::Made(new) = Answer::read(text.as_bytes()).unwrap() else {
        panic!("it is a cluster");
    };
    assert_eq!(new.address, "https://new:19530");
    assert_eq!(new.password.as_deref(), Some(" hush"));
    assert_eq!((&new.token, &new.ca_certificate), (&None, &None));
    assert_eq!(new.storage_endpoint.as_deref(), Some("http://s3:9000"));
    let keys = StorageCredentials::S3Keys {
        access_key: "key".to_owned(),
        secret_key: "hush".to_owned(),
        session_token: None,
    };
    assert!(new.storage_credentials == keys);
    assert!(!format!("{new:?}").contains("hush"));
}

#[test]
fn what_is_no_answer_is_named_and_not_repeated() {
    for (text, part) in [
        ("", "is no JSON"),
        (r#"{"wait":0}"#, "from 1 to 3600"),
        (r#"{"wait":"hush"}"#, "from 1 to 3600"),
        (r#"{"wait":3601}"#, "from 1 to 3600"),
        (r#"{"wait":1,"hush":1}"#, "does not belong"),
        (r#"{"storageUrl":"s3://b"}"#, "lacks `address`"),
        (r#"{"address":"http://a:1"}"#, "lacks `storageUrl`"),
        (
            r#"{"address":["hush"],"storageUrl":"s3://b"}"#,
            "`address` that is no text",
        ),
        (
            r#"{"address":"http://a:1","storageUrl":"s3://b","pasword":"hush"}"#,
            "does not belong",
        ),
        (
            r#"{"address":"http://a:1","storageUrl":"s3://b","storageAccessKey":"hush"}"#,
            "credentials that do not fit",
        ),
    ] {
        let why = Answer::read(text.as_bytes()).unwrap_err().to_string();
        assert!(why.contains(part), "{text}: {why}");
        assert!(!why.contains("hush"), "{text}: {why}");
    }
}
