/*
 * NAME
 *     limits - every bound of the program, each with its reason
 * DESCRIPTION
 *     Bounds that a standard sets are defined where they are used, with their
 *     citation. These are ours: they keep a hostile domain or message from
 *     costing more than a fixed amount. Reaching one is a status and a
 *     finding, never a hang. Others are in limits_reports.h (reports of
 *     receivers), limits_bounce.h (bounces and replies) and limits_serve.h
 *     (pages and the sandbox).
 */
#ifndef LIMITS_H
#define LIMITS_H

/* Rounds of queries for one subject. An SPF tree of depth 10 (RFC 7208, 4.6.4), a tree
 * walk and a CNAME or two at each depth stay below it. */
#define LIMIT_ROUNDS 40

/* Queries for one subject. The largest sound set-up measured takes about 120; an SPF tree
 * counted past its limit of 10 may take many more. */
#define LIMIT_QUESTIONS 1000

/* Queries in flight, at first, and at most where answers come in time; a resolver with its
 * defaults takes about as many. Packets of one connection that are not its answer, looked at in
 * one go. */
#define LIMIT_IN_FLIGHT 128
#define LIMIT_WINDOW    1024
#define LIMIT_STRAYS    64

/* Subjects of a scan in flight, unless --in-flight is given, and the octets that they may take
 * before no further one is begun: workers together shall stay below 200 MB. */
#define LIMIT_SUBJECTS   1000
#define LIMIT_SCAN_BYTES (32 * 1024 * 1024)

/* Seconds without a result after which a worker of scan counts as hung: a subject may spend
 * LIMIT_SECONDS on queries. Times that a queue delivers a subject. */
#define LIMIT_WORKER_SECONDS 300
#define LIMIT_QUEUE_TRIES    5

/* Reports of a scan that wait for the one before them, and their octets: a domain that takes a
 * minute should not stop the rest. */
#define LIMIT_HELD_REPORTS 8192
#define LIMIT_HELD_BYTES   (32 * 1024 * 1024)

/* Cached packets: octets, and seconds. A million packets of 250 octets do not fit, what domains
 * have in common does. */
#define LIMIT_CACHE_BYTES   (32 * 1024 * 1024)
#define LIMIT_CACHE_SECONDS 3600

/* Octets of resolv.conf, and of a domain name as it is typed: no form with U-labels of a valid
 * name is longer. */
#define LIMIT_RESOLV_CONF_BYTES (64 * 1024)
#define LIMIT_NAME_BYTES        1024

/* Octets of answers one subject may collect. */
#define LIMIT_ANSWER_BYTES (8 * 1024 * 1024)

/* Fetches over HTTPS for one subject: a policy, a logo and its evidence, with redirects. */
#define LIMIT_FETCHES 12

/* Redirects that are followed for a logo; browsers follow 20, sound set-ups need one. */
#define LIMIT_REDIRECTS 3

/* Octets of a body. A policy: RFC 8461, 3.3 suggests 64 KB. A logo: the BIMI draft asks for
 * less than 32 KB, and larger ones are to be reported. Evidence holds a logo and a few
 * certificates. */
#define LIMIT_POLICY_FETCH_BYTES (64 * 1024)
#define LIMIT_LOGO_BYTES         (256 * 1024)
#define LIMIT_FETCH_BYTES        (1024 * 1024)

/* Octets over one connection, those outside of a body included: extensions of chunks, interim
 * answers and header fields. */
#define LIMIT_FETCH_WIRE_BYTES (4 * 1024 * 1024)

/* Milliseconds for a connection, and for one URL. RFC 8461, 3.3 suggests a minute, too long for
 * somebody in front of a terminal. */
#define LIMIT_FETCH_CONNECT_MS 5000
#define LIMIT_FETCH_MS         15000

/* Seconds one subject may spend on queries, DNS and HTTPS together. */
#define LIMIT_SECONDS 60

/* Links of a CNAME chain that are followed; resolvers stop between 8 and 16. */
#define LIMIT_CNAME_CHAIN 12

/* Records of one answer that are kept. A TCP answer of 65,535 octets holds about 4,000. */
#define LIMIT_ANSWER_RECORDS 4096

/* DNSSEC records kept with one answer, of each kind. A proof that a name does not exist
 * takes three NSEC3 with their signatures; a key change may double the signatures. */
#define LIMIT_PROOF_RECORDS 64

/* DNSSEC: keys and DS records of a zone that are tried, signatures that are verified over one
 * set of records, and in one run. Zones in a key change have four keys; a flood of colliding
 * key tags must not cost more than this (KeyTrap, CVE-2023-50387). */
#define LIMIT_ZONE_KEYS       16
#define LIMIT_RRSET_CHECKS    8
#define LIMIT_SIGNATURE_TESTS 1000

/* A file of trust anchors: octets, and records. The root has two or three. */
#define LIMIT_ANCHOR_BYTES (64 * 1024)
#define LIMIT_ANCHORS      64

/* Unanswered queries of one DMARC tree walk for which all answers are tried: 4 to the power of
 * this many cases. */
#define LIMIT_DMARC_GAPS 3

/* Octets of the header section. Large receivers stop between 64 KB and 1 MB; beyond this
 * no receiver accepts the message and nothing is learned by parsing on. */
#define LIMIT_HEADER_BYTES (4 * 1024 * 1024)

/* Octets of a message read from standard input, which cannot be read twice, and of one that a
 * line of a list names. */
#define LIMIT_STDIN_BYTES (256 * 1024 * 1024)

/* DKIM signatures of one message that are verified. Receivers stop between 5 and 50. */
#define LIMIT_SIGNATURES 50

/* The search for what broke a signature, in one message with all its signatures. As long as
 * these hold it takes less than LIMIT_DAMAGE_MS for a message of 100 KB, and 1 s for 100 MB.
 * Octets hashed, in addition to so many times the message; searches in the body, one for each
 * canonicalization and l=; signatures whose header is searched; octets of the signed fields;
 * names of h= times fields of the message; hypotheses about one header; verifications with a
 * public key, which take 0.1 ms each with Ed25519. */
#define LIMIT_DAMAGE_MS         5
#define LIMIT_DAMAGE_OCTETS     (2 * 1024 * 1024)
#define LIMIT_DAMAGE_PASSES     6
#define LIMIT_DAMAGE_SEARCHES   2
#define LIMIT_DAMAGE_SIGNATURES 6
#define LIMIT_DAMAGE_HEADER     (64 * 1024)
#define LIMIT_DAMAGE_FIELDS     (1000 * 1000)
#define LIMIT_DAMAGE_EDITS      1500
#define LIMIT_DAMAGE_CHECKS     30

/* The end of the body that is kept for it, and a line up to which damage is undone. */
#define LIMIT_DAMAGE_WINDOW (256 * 1024)
#define LIMIT_DAMAGE_LINE   (16 * 1024)

/* Header fields of a message that are looked at. */
#define LIMIT_HEADER_FIELDS 20000

/* Tokens of one structured header field. Each costs some hundred octets while it is read; a
 * field with ten thousand addresses has about 60,000. */
#define LIMIT_FIELD_TOKENS 100000

/* Octets of a From field that are read; the longest valid one seen has about 2,000. */
#define LIMIT_ADDRESS_BYTES (64 * 1024)

/* Octets of the body that are searched for mistakes; signatures hash all of it. */
#define LIMIT_BODY_LOOK_BYTES (64 * 1024)

/* Tags of one tag=value list, empty ones included. The richest list of the standards has 13. */
#define LIMIT_TAGS 200

/* Octets of a zone file or snapshot. The largest zones one gate judges are a few MB. */
#define LIMIT_ZONE_BYTES     (256 * 1024 * 1024)
#define LIMIT_SNAPSHOT_BYTES (256 * 1024 * 1024)

/* Octets of a zone file or snapshot that gate reads: its records, before and after, take some
 * twenty times the file in memory. */
#define LIMIT_GATE_BYTES (64 * 1024 * 1024)

/* $INCLUDE in a file that is included, and records of all $GENERATE of a zone: a real zone has
 * one or two levels, and 65,536 names for a /16 of dial-in addresses. */
#define LIMIT_INCLUDE_DEPTH     10
#define LIMIT_GENERATED_RECORDS 65536

/* Words of one entry of a zone file: more than 65,535 octets of data (RFC 1035, 4.2.2) can be
 * made of. Faults that are kept: enough to see that it is not a zone file. */
#define LIMIT_ZONE_WORDS  70000
#define LIMIT_ZONE_FAULTS 1000

/* Days of --stale: a hundred years. */
#define LIMIT_STALE_DAYS 36500

/* Octets of a policy file. The longest built in has about 20 KB. */
#define LIMIT_POLICY_BYTES (256 * 1024)

/* Depth of a policy file: lists in entries of lists in the file make 4, and reading time grows
 * with the square of it. Tests of one condition, which bounds the depth of evaluation, and
 * depth of its brackets and "not". */
#define LIMIT_YAML_DEPTH      8
#define LIMIT_CONDITION_TESTS 100
#define LIMIT_CONDITION_DEPTH 50

/* Lines that two versions of a file differ in beyond which everything between the first and the
 * last difference counts as changed: the search takes the square of it. */
#define LIMIT_DIFF_LINES 1000

/* What services take: results of a run of SARIF (GitHub code scanning), octets of a job
 * summary. */
#define LIMIT_SARIF_RESULTS  25000
#define LIMIT_MARKDOWN_BYTES (900 * 1024)

/* Octets of a file of DNS as code, and how deep its values may be nested: a plan of thousands
 * of resources has 30 MB, and its configuration 20 levels. Keys of one map of YAML, which are
 * compared one by one. */
#define LIMIT_PLAN_BYTES (64 * 1024 * 1024)
#define LIMIT_PLAN_DEPTH 64
#define LIMIT_PLAN_KEYS  20000
/* Answers to choose from, by set identifier, that are judged one by one: services by country or
 * region have a handful. Of more, those that differ stay undetermined. */
#define LIMIT_PLAN_VARIANTS 16

/* Files and folders of a configuration of Terraform that are searched for resources, octets of
 * a file, and how many folders below the plan they may be. */
#define LIMIT_TERRAFORM_FILES 2000
#define LIMIT_TERRAFORM_BYTES (4 * 1024 * 1024)
#define LIMIT_TERRAFORM_DEPTH 6

/* Octets of a baseline: a report is some hundred kilobytes at most. */
#define LIMIT_BASELINE_BYTES (64 * 1024 * 1024)

/* Octets of untrusted text shown in one place of a report. */
#define LIMIT_SHOWN_BYTES 300

/* Findings of one row; the last says how many more there are. */
#define LIMIT_ROW_FINDINGS 50

/* Nodes of an SPF tree that the audit visits after the evaluation limit is passed. */
#define LIMIT_SPF_NODES 200

/* Terms of all records of a tree together beyond which no further record is parsed. The largest
 * trees seen have a few hundred; one record of 64 KB can hold 20,000. */
#define LIMIT_SPF_TERMS 50000

/* Faults of one record that get a sentence of their own. Further ones are counted. */
#define LIMIT_SPF_FAULTS 500

/* Terms of a record whose own size is reported; each is a walk over what it leads to. */
#define LIMIT_TERMS_SIZED 100

/* Octets of a local-part or HELO name that macros are expanded from: RFC 5321, 4.5.3.1 allows
 * 64 and 255, and a macro in a hostile record would multiply anything longer. Octets of an
 * explanation: about eight lines of an SMTP reply (RFC 5321, 4.5.3.1.5). */
#define LIMIT_SPF_IDENTITY_BYTES    512
#define LIMIT_SPF_EXPLANATION_BYTES 4096

/* Steps of the work that sorts all addresses by the result of an SPF tree: one for each range
 * that is looked at. The largest trees take a few ten thousand; one record of 64 KB whose terms
 * alternate between qualifiers would take 15 million, and 2 million take 470 MB. */
#define LIMIT_SPF_SET_STEPS (250 * 1000)

/* Networks of one set that a report in JSON lists. Large providers authorise a few hundred. */
#define LIMIT_SPF_NETWORKS 5000

/* Candidates of one finding that are proved: a DMARC policy is introduced in as many steps.
 * Edits of one remedy: a person reads them all, and a hostile name has 4,000 records to remove.
 * Answers that all proofs of one run may look at, where a long answer counts once more for each
 * LIMIT_PROOF_ANSWER_BYTES: the demonstration takes 20 proofs over 42 answers, a hostile domain
 * has 1,000 answers or 8 MB. */
#define LIMIT_REMEDY_CHOICES     5
#define LIMIT_REMEDY_EDITS       100
#define LIMIT_PROOF_QUESTIONS    20000
#define LIMIT_PROOF_ANSWER_BYTES 64

/* Terms of an SPF record for which a remedy is sought, and whose networks are compared with
 * each other. A longer record is hostile. */
#define LIMIT_REMEDY_TERMS 400

/* Octets of a TXT record that is read for what was meant: a key of 8,192 bits with notes has
 * about 1,500, and repairs are looked for around each octet. */
#define LIMIT_MEANT_BYTES 4096

/* Networks that a range of addresses ("192.0.2.4-192.0.2.9") is read as; two for each bit of an
 * octet cover any range that people write. */
#define LIMIT_RANGE_NETWORKS 16

/* Remedies whose effect on receivers is judged. A domain with every mistake of the
 * demonstration has about 20, choices included. */
#define LIMIT_REMEDIES_JUDGED 60

/* External report destinations and DKIM selectors that are queried. */
#define LIMIT_REPORT_URIS 20
#define LIMIT_SELECTORS   50

/* Mail hosts of a domain whose addresses are queried; more says nothing new. TLSA records of
 * one host that are read: a key change needs two or three. */
#define LIMIT_MX_HOSTS     20
#define LIMIT_TLSA_RECORDS 20

/* Addresses of mail hosts whose names (PTR) are queried: each costs two queries at servers
 * that may be slow. Large providers publish five hosts with up to four addresses. */
#define LIMIT_PTR_ADDRESSES 20

/* Name servers of one zone that are looked at. More than 13 do not fit into one answer without
 * EDNS (RFC 1035, 4.2.1), and nobody has more. */
#define LIMIT_NAME_SERVERS 13

/* Memory that one subject of scan may take before it is abandoned. The worst test takes a third
 * of it. */
#define LIMIT_SUBJECT_MEMORY_BYTES (512 * 1024 * 1024)

/* Octets of a line that are looked at for wrappings of a message: separators and MIME
 * boundaries (RFC 2046, 5.1.1: 70) are short. Lines of a banner in front of a message. */
#define LIMIT_LINE_LOOK_BYTES 1000
#define LIMIT_BANNER_LINES    8

/* Octets of an attached message that is encoded: it is held in memory, before and after, while
 * others stay in their file. Of 200 MB that a message may cost, it takes 100 at most. */
#define LIMIT_ENCODED_BYTES (16 * 1024 * 1024)

/* Wrappings around one another in front of a message: people meet three. Each may have to be
 * looked through to its end, and whoever writes the file says how many there are. */
#define LIMIT_WRAPPINGS 16

/* Hops that a field of the receiver is compared with, and addresses of it: servers refuse more
 * than a hundred hops as a loop (RFC 5321, 6.3), and such a field names one client. */
#define LIMIT_HOPS             100
#define LIMIT_RESULT_ADDRESSES 8

/* Octets of an input line of scan: path, envelope and LIMIT_SELECTORS names fill a fifth. */
#define LIMIT_SUBJECT_BYTES (64 * 1024)

/* Providers that are recognised in one domain's records. Their selectors count among
 * LIMIT_SELECTORS; a sound SPF record has room for ten. */
#define LIMIT_PROVIDERS 12

/* Seconds one live SMTP session may last, whatever the timeouts of its parts. */
#define LIMIT_PROBE_SECONDS 300

/* Connections of one live probe. Large providers publish five mail hosts with up to four
 * addresses of each family; beyond that it would look like a scan. */
#define LIMIT_PROBE_TARGETS 40

/* Pause between two connections of a live probe, in milliseconds, unless the user says
 * otherwise: the hosts of one domain often are one server, which counts connections by the
 * second or the minute (Postfix's anvil, Exim's ratelimit). */
#define LIMIT_PROBE_PAUSE_MS 1000

/* An answer on a terminal: a line there holds no more than 4096 octets (Linux, N_TTY). */
#define LIMIT_TYPED_BYTES 4096

/* Octets of a file that holds a password or token. Tokens of OAuth have up to a few KB. */
#define LIMIT_PASSWORD_BYTES (16 * 1024)

/* The confined child: memory, processor time for one request, and time to wait for it. */
#define LIMIT_CHILD_MEMORY_BYTES (256 * 1024 * 1024)
#define LIMIT_CHILD_CPU_SECONDS  10
#define LIMIT_CHILD_WAIT_MS      5000

/* Children at a time: a subject has one question each for MAIL FROM, HELO, the message and the
 * policy. */
#define LIMIT_CHILDREN 4

/* Children for the records of one domain that are not published yet, one after the other: two
 * where no record ends one. Milliseconds for which one is asked: well below
 * LIMIT_CHILD_WAIT_MS, so that none is ended while it answers. */
#define LIMIT_STANDBY_CHILDREN 8
#define LIMIT_STANDBY_MS       2000

/* Octets of a question to a child: every answer held and the whole header section,
 * LIMIT_ANSWER_BYTES and LIMIT_HEADER_BYTES with room for lengths and names. Octets of its
 * reply: verdicts with a short clause each, or the names that it misses; and how many names. */
#define LIMIT_CHILD_QUESTION_BYTES (32 * 1024 * 1024)
#define LIMIT_CHILD_REPLY_BYTES    (256 * 1024)
#define LIMIT_CHILD_MISSED         64

/* Octets of body the confined child is fed; the standard judge hashes everything. */
#define LIMIT_CHILD_BODY_BYTES (16 * 1024 * 1024)

#endif
