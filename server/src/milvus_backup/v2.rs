//! The keys of version 2. Variables override credentials alone.

use super::keys::{
    BASE_PATH, CLOUD, DEBUG, ETCD, GARBAGE, IMPORTS, Key, Kind, LOG, PARALLEL, Part, REPLICATION,
    REST, SNAPSHOTS, STAGED, Side, Slot, TRANSFER, left, taken,
};

const PROVIDERS: Kind = Kind::OneOf(&[
    "local",
    "minio",
    "s3",
    "aws",
    "gcp",
    "gcpnative",
    "azure",
    "aliyun",
    "tencent",
    "hwc",
]);
const AUTH_TYPES: Kind = Kind::OneOf(&["static", "iam", "default", "sharedKey", "serviceAccount"]);
const TLS_MODES: Kind = Kind::OneOf(&["disabled", "server", "mutual"]);
const TRANSFERS: Kind = Kind::OneOf(&["auto", "direct", "streaming"]);

/// The keys of a storage. Its last arguments are the defaults, in their order; a storage of backups has but one.
macro_rules! storage {
    (
        $section:literal, $variables:literal, $side:expr,
        $provider:literal, $address:literal, $port:literal, $tls:literal, $bucket:literal, $root:literal,
        $auth:literal, $key:literal
    ) => {
        &[
            taken(
                &[concat!($section, ".provider")],
                PROVIDERS,
                $provider,
                Slot::At($side, Part::Provider),
            ),
            taken(
                &[concat!($section, ".address")],
                Kind::Text,
                $address,
                Slot::At($side, Part::Host),
            ),
            taken(
                &[concat!($section, ".port")],
                Kind::Port,
                $port,
                Slot::At($side, Part::Port),
            ),
            taken(
                &[concat!($section, ".region")],
                Kind::Text,
                "",
                Slot::At($side, Part::Region),
            ),
            taken(
                &[concat!($section, ".useSSL")],
                Kind::Flag,
                $tls,
                Slot::At($side, Part::Tls),
            ),
            taken(
                &[concat!($section, ".accountName")],
                Kind::Text,
                "",
                Slot::At($side, Part::Account),
            )
            .or(concat!($variables, "_ACCOUNT_NAME")),
            taken(
                &[concat!($section, ".bucketName")],
                Kind::Text,
                $bucket,
                Slot::At($side, Part::Bucket),
            ),
            taken(
                &[concat!($section, ".rootPath")],
                Kind::Text,
                $root,
                Slot::At($side, Part::Root),
            ),
            taken(
                &[concat!($section, ".localPath")],
                Kind::Text,
                "",
                Slot::At($side, Part::LocalPath),
            ),
            left(
                &[concat!($section, ".milvusAddress")],
                Kind::Text,
                SNAPSHOTS,
            ),
            left(&[concat!($section, ".milvusPort")], Kind::Number, SNAPSHOTS),
            taken(
                &[concat!($section, ".auth.type")],
                AUTH_TYPES,
                $auth,
                Slot::At($side, Part::AuthType),
            ),
            taken(
                &[concat!($section, ".auth.accessKeyID")],
                Kind::Text,
                $key,
                Slot::At($side, Part::AccessKey),
            )
            .or(concat!($variables, "_AUTH_ACCESS_KEY_ID")),
            taken(
                &[concat!($section, ".auth.secretAccessKey")],
                Kind::Secret,
                $key,
                Slot::At($side, Part::SecretKey),
            )
            .or(concat!($variables, "_AUTH_SECRET_ACCESS_KEY")),
            taken(
                &[concat!($section, ".auth.sessionToken")],
                Kind::Secret,
                "",
                Slot::At($side, Part::SessionToken),
            )
            .or(concat!($variables, "_AUTH_SESSION_TOKEN")),
            taken(
                &[concat!($section, ".auth.accountKey")],
                Kind::Secret,
                "",
                Slot::At($side, Part::AccountKey),
            )
            .or(concat!($variables, "_AUTH_ACCOUNT_KEY")),
            taken(
                &[concat!($section, ".auth.credentialsFile")],
                Kind::Text,
                "",
                Slot::At($side, Part::KeyFile),
            )
            .or(concat!($variables, "_AUTH_CREDENTIALS_FILE")),
            taken(
                &[concat!($section, ".auth.endpoint")],
                Kind::Text,
                "",
                Slot::At($side, Part::IamEndpoint),
            ),
        ]
    };
}

pub(super) const KEYS: &[&[Key]] = &[GENERAL, MILVUS, STORAGE, BACKUP_STORAGE, BACKUP];

const GENERAL: &[Key] = &[
    left(&["log.level"], Kind::Text, LOG),
    left(&["log.console"], Kind::Flag, LOG),
    left(&["log.file.path"], Kind::Text, LOG),
    left(&["log.file.maxSizeMiB"], Kind::Number, LOG),
    left(&["log.file.maxDays"], Kind::Number, LOG),
    left(&["log.file.maxBackups"], Kind::Number, LOG),
    left(&["server.debugMode"], Kind::Flag, DEBUG),
    left(&["server.swaggerBasePath"], Kind::Text, BASE_PATH),
];

const MILVUS: &[Key] = &[
    taken(&["milvus.user"], Kind::Text, "", Slot::User).or("MILVUS_USER"),
    taken(&["milvus.password"], Kind::Secret, "", Slot::Password).or("MILVUS_PASSWORD"),
    taken(
        &["milvus.grpc.address"],
        Kind::Text,
        "localhost",
        Slot::Address,
    ),
    taken(&["milvus.grpc.port"], Kind::Port, "19530", Slot::Port),
    taken(&["milvus.grpc.tlsMode"], TLS_MODES, "disabled", Slot::Tls),
    taken(&["milvus.grpc.caCertPath"], Kind::Text, "", Slot::Authority),
    taken(
        &["milvus.grpc.serverName"],
        Kind::Text,
        "",
        Slot::ServerName,
    ),
    taken(
        &["milvus.grpc.mtlsCertPath"],
        Kind::Text,
        "",
        Slot::ClientCertificate,
    ),
    taken(
        &["milvus.grpc.mtlsKeyPath"],
        Kind::Text,
        "",
        Slot::ClientKey,
    ),
    left(&["milvus.rest.endpoint"], Kind::Text, REST),
    left(&["milvus.management.endpoint"], Kind::Text, GARBAGE),
    left(
        &["milvus.replicate.rpcChannelName"],
        Kind::Text,
        REPLICATION,
    ),
    left(&["milvus.etcd.endpoints"], Kind::List, ETCD),
    left(&["milvus.etcd.rootPath"], Kind::Text, ETCD),
];

const STORAGE: &[Key] = storage!(
    "milvus.storage",
    "MILVUS_STORAGE",
    Side::Milvus,
    "minio",
    "localhost",
    "9000",
    "false",
    "a-bucket",
    "files",
    "static",
    "minioadmin"
);

const BACKUP_STORAGE: &[Key] = storage!(
    "backup.storage",
    "BACKUP_STORAGE",
    Side::Backup,
    "",
    "",
    "",
    "",
    "",
    "backup",
    "",
    ""
);

const BACKUP: &[Key] = &[
    left(&["backup.concurrency.collections"], Kind::Number, PARALLEL),
    left(&["backup.concurrency.segments"], Kind::Number, PARALLEL),
    left(&["backup.pauseGC"], Kind::Flag, GARBAGE),
    left(&["restore.concurrency.collections"], Kind::Number, IMPORTS),
    left(&["restore.concurrency.importJobs"], Kind::Number, IMPORTS),
    left(&["restore.maxSegmentsPerImportJob"], Kind::Number, IMPORTS),
    left(&["restore.keepTempFiles"], Kind::Flag, STAGED),
    left(&["transfer.mode"], TRANSFERS, TRANSFER),
    left(&["transfer.concurrency"], Kind::Number, TRANSFER),
    left(
        &["transfer.multipartCopyThresholdMiB"],
        Kind::Number,
        TRANSFER,
    ),
    left(&["zillizCloud.endpoint"], Kind::Text, CLOUD),
    left(&["zillizCloud.apiKey"], Kind::Secret, CLOUD).or("ZILLIZ_CLOUD_API_KEY"),
];
