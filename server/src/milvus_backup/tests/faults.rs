//! What is wrong in a file.

use super::why;

#[test]
fn what_is_wrong_is_named_with_its_key_and_line() {
    for (text, expected) in [
        (
            "minio:\n  bucketNam: x\n",
            "line 2: `minio.bucketNam`: milvus-backup has no such key",
        ),
        (
            "milvus:\n  port: hello\n",
            "line 2: `milvus.port`: `hello` is not a port, 1 to 65535",
        ),
        (
            "minio:\n  port: 70000\n",
            "line 2: `minio.port`: `70000` is not a port",
        ),
        (
            "minio:\n  useSSL: yes\n",
            "line 2: `minio.useSSL`: `yes` is neither `true` nor `false`",
        ),
        (
            "milvus:\n  tlsMode: 3\n",
            "line 2: `milvus.tlsMode`: `3` is none of 0, 1, 2",
        ),
        (
            "minio:\n  storageType: swift\n",
            "line 2: `minio.storageType`: `swift` is none of local",
        ),
        (
            "minio:\n  address: [a]\n",
            "line 2: `minio.address`: a list stands where",
        ),
        (
            "minio:\n  address: http://a\n",
            "line 2: `minio.address`: `http://a` is not a host",
        ),
        (
            "milvus:\n  address: a:19530\n",
            "line 2: `milvus.address`: `a:19530` is not a host",
        ),
        (
            "minio:\n  bucketName: 'a b'\n",
            "line 2: `minio.bucketName`: storage URL: a bucket's name",
        ),
        (
            "minio:\n  rootPath: a/../b\n",
            "storage URL: the path in the bucket has",
        ),
        (
            "minio:\n  secretAccessKey: ''\n",
            "line 2: `minio.secretAccessKey`: it must not be empty",
        ),
        (
            "minio:\n  useIAM: true\n",
            "line 2: `minio.useIAM`: Hozon fetches no credentials",
        ),
        (
            "minio:\n  address: 169.254.169.254\n",
            "line 2: `minio.address`: storage endpoint:",
        ),
        (
            "minio:\n  storageType: local\n",
            "`minio.rootPath`, which is not set: `files` is not an absolute path",
        ),
        (
            "configVersion: v3\n",
            "line 1: `configVersion`: it is neither `v1` nor `v2`",
        ),
        (
            "milvus:\n  grpc:\n    port: 1\n",
            "line 3: `milvus.grpc.port`: it is of version 2: write `configVersion: v2`",
        ),
        (
            "configVersion: v2\nminio:\n  address: a\n",
            "line 3: `minio.address`: it is of version 1: version 2 calls it `milvus.storage.address`",
        ),
        (
            "configVersion: v2\nmilvus:\n  grpc:\n    tlsMode: 1\n",
            "line 4: `milvus.grpc.tlsMode`: `1` is none of disabled, server, mutual",
        ),
        (
            "configVersion: v2\nmilvus:\n  storage:\n    provider: azure\n    accountName: a\n",
            "`milvus.storage.auth.type`, which is not set: `static` is not for the provider `azure`",
        ),
        (
            "configVersion: v2\nmilvus:\n  storage:\n    auth:\n      accountKey: hush\n",
            "line 5: `milvus.storage.auth.accountKey`: it is not for `auth.type: static`",
        ),
        (
            "configVersion: v2\nbackup:\n  storage:\n    accountName: a\n",
            "line 4: `backup.storage.accountName`: it is not for the provider `minio`",
        ),
        (
            "configVersion: v2\nmilvus:\n  storage:\n    provider: azure\n    address: a.b\n    accountName: a\n    auth: {type: default}\n",
            "line 7: `milvus.storage.auth.type`: Hozon fetches no credentials",
        ),
        ("minio: {", "line "),
    ] {
        let found = why(text);
        assert!(found.contains("`backup.yaml`: "), "{found}");
        assert!(found.contains(expected), "{text}\n{found}\n{expected}");
        assert!(!found.contains("hush"), "{found}");
    }
    let several = why("milvus:\n  port: x\nminio:\n  port: y\n  nothing: z\n");
    let lines: Vec<&str> = several.lines().collect();
    assert!(lines[0].ends_with("3 things are wrong:"), "{several}");
    assert!(
        lines[1].starts_with("  line 2: ") && lines[3].starts_with("  line 5: "),
        "{several}"
    );
}
