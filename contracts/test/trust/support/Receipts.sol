// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EvidenceHead, EvidenceLeaf, MerklePath, SignedReceipt} from "../../../src/trust/Proof.sol";
import {Vectors} from "./Vectors.sol";

/// @notice Receipts and evidence written here a second time, from docs/evidence.md and RFC 8785 alone.
abstract contract Receipts is Vectors {
    uint256 internal constant CHAIN = 31_337;
    address internal constant SETTLEMENT = 0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003;
    uint256 internal constant PROVIDER_KEY = 0x90F1;

    address internal provider = vm.addr(PROVIDER_KEY);

    /// @dev The parts of a receipt that tests alter; text as it stands in the JSON.
    struct Draft {
        string chainId;
        string channel;
        string charged;
        string build;
        string evidence;
        string finish;
        string finished;
        string model;
        string offer;
        string provider;
        string seen;
        string sequence;
        string settlement;
        string usage;
        string workload;
    }

    function draft() internal view returns (Draft memory) {
        return Draft({
            chainId: "31337",
            channel: digestText(keccak256("channel")),
            charged: "53000000000000000",
            build: "b1",
            evidence: "null",
            finish: "stop",
            finished: "1800000000500",
            model: digestText("model"),
            offer: digestText("offer"),
            provider: json.toString(provider),
            seen: "null",
            sequence: "1",
            settlement: json.toString(SETTLEMENT),
            usage: '{"cached":"3","completion":"33","prompt":"6"}',
            workload: "inference"
        });
    }

    function write(Draft memory it) internal pure returns (bytes memory) {
        string memory first = string.concat(
            '{"chainId":', it.chainId, ',"channel":"', it.channel, '","charge":"53","charged":"', it.charged
        );
        first = string.concat(
            first, '","engine":{"build":"', it.build, '","name":"llama.cpp"},"evidence":', it.evidence, ',"finish":"'
        );
        first =
            string.concat(first, it.finish, '","finished":', it.finished, ',"id":"', digestText("id"), '","input":"');
        first = string.concat(
            first, digestText("input"), '","model":"', it.model, '","nonce":"', digestText("nonce"), '","offer":"'
        );
        first = string.concat(first, it.offer, '","output":"', digestText("output"), '","outputBytes":"');
        first = string.concat(first, '31","provider":"', lower(it.provider), '","request":"', digestText("request"));
        first = string.concat(first, '","seed":"', digestText("seed"), '","seen":', it.seen);
        first = string.concat(first, ',"sequence":"', it.sequence);
        first = string.concat(first, '","settlement":"', lower(it.settlement), '","started":1800000000000,"usage":');
        return bytes(string.concat(first, it.usage, ',"version":"heddle/1","workload":"', it.workload, '"}'));
    }

    /// @dev A receipt by itself under the provider's signature.
    function signAlone(bytes memory text) internal pure returns (SignedReceipt memory) {
        return SignedReceipt(text, MerklePath(0, 1, new bytes32[](0)), signHead(PROVIDER_KEY, leafHash(text)));
    }

    /// @dev A receipt at a place of a batch of 2^levels, beside receipts that do not matter.
    function signInBatch(bytes memory text, uint64 index, uint256 levels) internal pure returns (SignedReceipt memory) {
        bytes32[] memory siblings = new bytes32[](levels);
        bytes32 root = leafHash(text);
        for (uint256 i = 0; i < levels; ++i) {
            siblings[i] = keccak256(abi.encode("sibling", i));
            bool isRight = (index >> i) & 1 == 1;
            root = isRight ? nodeHash(siblings[i], root) : nodeHash(root, siblings[i]);
        }
        uint64 size = uint64(2 ** levels);
        return SignedReceipt(text, MerklePath(index, size, siblings), signHead(PROVIDER_KEY, commitmentOf(root, size)));
    }

    function signHead(uint256 key, bytes32 head) internal pure returns (bytes memory) {
        return signStatement(key, CHAIN, SETTLEMENT, "receipts", head);
    }

    function signStatement(uint256 key, uint256 chainId, address contract_, string memory kind, bytes32 digest)
        internal
        pure
        returns (bytes memory)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Heddle"),
                keccak256("1"),
                chainId,
                contract_
            )
        );
        bytes32 statement =
            keccak256(abi.encode(keccak256("Statement(string kind,bytes32 digest)"), keccak256(bytes(kind)), digest));
        return signature(key, keccak256(abi.encodePacked(hex"1901", domain, statement)));
    }

    /// @dev How a receipt names a block.
    function seenText(uint256 number, bytes32 hash) internal pure returns (string memory) {
        return string.concat('{"block":', json.toString(number), ',"hash":"', digestText(hash), '"}');
    }

    // ------------------------------------------------------------- evidence

    /// @dev A head and one leaf of positions, as leaves with their paths, and what a receipt names them by.
    function evidenceOf(bytes memory head, bytes memory positions)
        internal
        pure
        returns (EvidenceLeaf memory first, EvidenceLeaf memory second, bytes32 evidence)
    {
        (bytes32 left, bytes32 right) = (leafHash(head), leafHash(positions));
        evidence = commitmentOf(nodeHash(left, right), 2);
        first = EvidenceLeaf(head, MerklePath(0, 2, new bytes32[](1)));
        second = EvidenceLeaf(positions, MerklePath(1, 2, new bytes32[](1)));
        first.path.siblings[0] = right;
        second.path.siblings[0] = left;
    }

    function write(EvidenceHead memory head) internal pure returns (bytes memory) {
        bytes memory flags = abi.encodePacked(hex"0001", head.replayable, head.ended, uint8(head.width), uint8(0));
        bytes memory words = abi.encodePacked(
            uint16(head.topK),
            uint32(head.temperature),
            uint32(head.topP),
            uint32(head.vocabulary),
            uint32(head.prompt),
            uint32(head.positions)
        );
        return abi.encodePacked(flags, words, head.promptDigest, head.seed, head.class);
    }

    // ------------------------------------------------------------- digests

    function leafHash(bytes memory leaf) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(uint8(0), leaf));
    }

    function nodeHash(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(uint8(1), left, right));
    }

    function commitmentOf(bytes32 root, uint256 size) internal pure returns (bytes32) {
        return sha256(bytes(string.concat('{"root":"', json.toString(root), '","size":', json.toString(size), "}")));
    }

    function digestText(bytes32 value) internal pure returns (string memory) {
        return json.toString(value);
    }

    /// @dev Hexadecimal digits as receipts write them, without the checksum in capitals.
    function lower(string memory text) internal pure returns (string memory) {
        bytes memory copy = bytes(string.concat(text));
        for (uint256 i = 2; i < copy.length; ++i) {
            if (copy[i] >= "A" && copy[i] <= "F") copy[i] = bytes1(uint8(copy[i]) + 32);
        }
        return string(copy);
    }
}
