//! The keys of version 1, those that only milvus-backup 0.4 knew among them.

use super::keys::{
    BASE_PATH, CLOUD, DEBUG, ETCD, GARBAGE, IMPORTS, Key, Kind, LOG, PARALLEL, Part, REPLICATION,
    STAGED, Side, Slot, TRANSFER, left, taken,
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
    "ali",
    "alibaba",
    "alicloud",
    "tencent",
    "tc",
    "hwc",
]);
const TLS_MODES: Kind = Kind::OneOf(&["0", "1", "2"]);

const fn milvus(part: Part) -> Slot {
    Slot::At(Side::Milvus, part)
}

const fn backup(part: Part) -> Slot {
    Slot::At(Side::Backup, part)
}

pub(super) const KEYS: &[&[Key]] = &[GENERAL, MILVUS, STORAGE, BACKUP_STORAGE, BACKUP];

const GENERAL: &[Key] = &[
    left(&["log.level"], Kind::Text, LOG),
    left(&["log.console"], Kind::Flag, LOG),
    left(&["log.file.filename", "log.file.rootPath"], Kind::Text, LOG),
    left(&["log.file.maxSize"], Kind::Number, LOG),
    left(&["log.file.maxDays"], Kind::Number, LOG),
    left(&["log.file.maxBackups"], Kind::Number, LOG),
    taken(&["http.enabled"], Kind::Flag, "true", Slot::Serve),
    left(&["http.debugMode"], Kind::Flag, DEBUG),
    left(&["http.swaggerBasePath"], Kind::Text, BASE_PATH),
    left(
        &["http.simpleResponse"],
        Kind::Flag,
        "only milvus-backup 0.4 knew it; answers are those of the newest version",
    ),
    left(&["cloud.address"], Kind::Text, CLOUD),
    left(&["cloud.apikey"], Kind::Secret, CLOUD),
];

const MILVUS: &[Key] = &[
    taken(&["milvus.address"], Kind::Text, "localhost", Slot::Address).or("MILVUS_ADDRESS"),
    taken(&["milvus.port"], Kind::Port, "19530", Slot::Port).or("MILVUS_PORT"),
    taken(&["milvus.user"], Kind::Text, "", Slot::User).or("MILVUS_USER"),
    taken(&["milvus.password"], Kind::Secret, "", Slot::Password).or("MILVUS_PASSWORD"),
    taken(&["milvus.tlsMode"], TLS_MODES, "0", Slot::Tls).or("MILVUS_TLS_MODE"),
    taken(&["milvus.caCertPath"], Kind::Text, "", Slot::Authority).or("MILVUS_CA_CERT_PATH"),
    taken(&["milvus.serverName"], Kind::Text, "", Slot::ServerName).or("MILVUS_SERVER_NAME"),
    taken(
        &["milvus.mtlsCertPath"],
        Kind::Text,
        "",
        Slot::ClientCertificate,
    )
    .or("MILVUS_MTLS_CERT_PATH"),
    taken(&["milvus.mtlsKeyPath"], Kind::Text, "", Slot::ClientKey).or("MILVUS_MTLS_KEY_PATH"),
    left(&["milvus.rpcChannelName"], Kind::Text, REPLICATION).or("MILVUS_RPC_CHANNEL_NAME"),
    left(&["milvus.etcd.endpoints"], Kind::Text, ETCD),
    left(&["milvus.etcd.rootPath"], Kind::Text, ETCD),
    left(
        &["milvus.authorizationEnabled"],
        Kind::Flag,
        "only milvus-backup 0.4 knew it; `milvus.user` alone decides",
    ),
    left(
        &["milvus.tlsCertPath"],
        Kind::Text,
        "only milvus-backup 0.4 knew it; `milvus.caCertPath` names the authority",
    ),
];

const STORAGE: &[Key] = &[
    taken(
        &[
            "storage.storageType",
            "minio.storageType",
            "minio.cloudProvider",
        ],
        PROVIDERS,
        "minio",
        milvus(Part::Provider),
    ),
    taken(
        &["minio.address"],
        Kind::Text,
        "localhost",
        milvus(Part::Host),
    )
    .or("MINIO_ADDRESS"),
    taken(&["minio.port"], Kind::Port, "9000", milvus(Part::Port)).or("MINIO_PORT"),
    taken(&["minio.region"], Kind::Text, "", milvus(Part::Region)).or("MINIO_REGION"),
    taken(&["minio.useSSL"], Kind::Flag, "false", milvus(Part::Tls)).or("MINIO_USE_SSL"),
    taken(
        &["minio.bucketName"],
        Kind::Text,
        "a-bucket",
        milvus(Part::Bucket),
    )
    .or("MINIO_BUCKET_NAME"),
    taken(&["minio.rootPath"], Kind::Text, "files", milvus(Part::Root)).or("MINIO_ROOT_PATH"),
    taken(
        &["minio.accessKeyID"],
        Kind::Text,
        "minioadmin",
        milvus(Part::AccessKey),
    )
    .or("MINIO_ACCESS_KEY"),
    taken(
        &["minio.secretAccessKey"],
        Kind::Secret,
        "minioadmin",
        milvus(Part::SecretKey),
    )
    .or("MINIO_SECRET_KEY"),
    taken(
        &["minio.token"],
        Kind::Secret,
        "",
        milvus(Part::SessionToken),
    )
    .or("MINIO_TOKEN"),
    taken(
        &["minio.gcpCredentialJSON"],
        Kind::Secret,
        "",
        milvus(Part::KeyFile),
    )
    .or("GCP_KEY_JSON"),
    taken(&["minio.useIAM"], Kind::Flag, "false", milvus(Part::Iam)).or("MINIO_USE_IAM"),
    taken(
        &["minio.iamEndpoint"],
        Kind::Text,
        "",
        milvus(Part::IamEndpoint),
    )
    .or("MINIO_IAM_ENDPOINT"),
];

const BACKUP_STORAGE: &[Key] = &[
    taken(
        &["storage.backupStorageType", "minio.backupStorageType"],
        PROVIDERS,
        "",
        backup(Part::Provider),
    ),
    taken(&["minio.backupAddress"], Kind::Text, "", backup(Part::Host)).or("MINIO_BACKUP_ADDRESS"),
    taken(&["minio.backupPort"], Kind::Port, "", backup(Part::Port)).or("MINIO_BACKUP_PORT"),
    taken(
        &["minio.backupRegion"],
        Kind::Text,
        "",
        backup(Part::Region),
    )
    .or("MINIO_BACKUP_REGION"),
    taken(&["minio.backupUseSSL"], Kind::Flag, "", backup(Part::Tls)).or("MINIO_BACKUP_USE_SSL"),
    taken(
        &["minio.backupBucketName"],
        Kind::Text,
        "",
        backup(Part::Bucket),
    )
    .or("MINIO_BACKUP_BUCKET_NAME"),
    taken(
        &["minio.backupRootPath"],
        Kind::Text,
        "",
        backup(Part::Root),
    )
    .or("MINIO_BACKUP_ROOT_PATH"),
    taken(
        &["minio.backupAccessKeyID"],
        Kind::Text,
        "",
        backup(Part::AccessKey),
    )
    .or("MINIO_BACKUP_ACCESS_KEY"),
    taken(
        &["minio.backupSecretAccessKey"],
        Kind::Secret,
        "",
        backup(Part::SecretKey),
    )
    .or("MINIO_BACKUP_SECRET_KEY"),
    taken(
        &["minio.backupToken"],
        Kind::Secret,
        "",
        backup(Part::SessionToken),
    )
    .or("MINIO_BACKUP_TOKEN"),
    taken(
        &["minio.backupGcpCredentialJSON"],
        Kind::Secret,
        "",
        backup(Part::KeyFile),
    )
    .or("BACKUP_GCP_KEY_JSON"),
    taken(&["minio.backupUseIAM"], Kind::Flag, "", backup(Part::Iam)).or("MINIO_BACKUP_USE_IAM"),
    taken(
        &["minio.backupIamEndpoint"],
        Kind::Text,
        "",
        backup(Part::IamEndpoint),
    )
    .or("MINIO_BACKUP_IAM_ENDPOINT"),
    left(&["minio.crossStorage"], Kind::Flag, TRANSFER),
    left(&["minio.multipartCopyThresholdMiB"], Kind::Number, TRANSFER),
];

const BACKUP: &[Key] = &[
    left(
        &["backup.maxSegmentGroupSize"],
        Kind::Text,
        "milvus-backup does not heed it any more either",
    ),
    left(&["backup.parallelism.copydata"], Kind::Number, PARALLEL)
        .or("BACKUP_PARALLELISM_COPYDATA"),
    left(
        &["backup.parallelism.backupCollection"],
        Kind::Number,
        PARALLEL,
    )
    .or("BACKUP_PARALLELISM_BACKUP_COLLECTION"),
    left(
        &["backup.parallelism.backupSegment"],
        Kind::Number,
        PARALLEL,
    ),
    left(
        &["backup.parallelism.restoreCollection"],
        Kind::Number,
        IMPORTS,
    )
    .or("BACKUP_PARALLELISM_RESTORE_COLLECTION"),
    left(&["backup.parallelism.importJob"], Kind::Number, IMPORTS),
    left(&["backup.keepTempFiles"], Kind::Flag, STAGED).or("BACKUP_KEEP_TEMP_FILES"),
    left(&["backup.gcPause.enable"], Kind::Flag, GARBAGE).or("BACKUP_GC_PAUSE_ENABLE"),
    left(&["backup.gcPause.seconds"], Kind::Number, GARBAGE),
    left(&["backup.gcPause.address"], Kind::Text, GARBAGE).or("BACKUP_GC_PAUSE_ADDRESS"),
];
