// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EvidenceHead, EvidenceLeaf, MerklePath, SignedOffer, SignedReceipt} from "../../../src/trust/Proof.sol";
import {Test} from "../../support/Test.sol";

/// @notice The cheatcodes that read files and JSON.
interface JsonCheatcodes {
    function readFile(string calldata path) external view returns (string memory);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function parseJsonType(string calldata json, string calldata key, string calldata types)
        external
        pure
        returns (bytes memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytesArray(string calldata json, string calldata key) external pure returns (bytes[] memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonBool(string calldata json, string calldata key) external pure returns (bool);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function parseJsonTypeArray(string calldata json, string calldata key, string calldata types)
        external
        pure
        returns (bytes memory);
    function toString(uint256 value) external pure returns (string memory);
    function toString(bytes32 value) external pure returns (string memory);
    function toString(address value) external pure returns (string memory);
}

/// @notice The vectors of packages/protocol and workloads/inference, which the TypeScript of the house wrote and is held to as well.
abstract contract Vectors is Test {
    JsonCheatcodes internal constant json = JsonCheatcodes(address(vm));

    string private constant PATH = "Path(uint64 index,bytes32[] siblings,uint64 size)";
    string private constant LEAF = "Leaf(bytes leaf,Path path)Path(uint64 index,bytes32[] siblings,uint64 size)";
    string private constant HEAD =
        "Head(uint16 choice,bytes32 class,bool ended,uint256 positions,uint256 prompt,bytes32 promptDigest,bool replayable,bytes32 seed,uint256 temperature,uint256 topK,uint256 topP,uint256 vocabulary,uint256 width)";

    struct PathInJson {
        uint64 index;
        bytes32[] siblings;
        uint64 size;
    }

    struct LeafInJson {
        bytes leaf;
        PathInJson path;
    }

    struct CandidateInJson {
        int256 logprob;
        uint256 token;
    }

    struct HeadInJson {
        uint16 choice;
        bytes32 class;
        bool ended;
        uint256 positions;
        uint256 prompt;
        bytes32 promptDigest;
        bool replayable;
        bytes32 seed;
        uint256 temperature;
        uint256 topK;
        uint256 topP;
        uint256 vocabulary;
        uint256 width;
    }

    function vectors(string memory name) internal view returns (string memory) {
        return json.readFile(string.concat("../packages/protocol/vectors/", name, ".json"));
    }

    /// @dev Of evidence, draws and proofs, which are those of one kind of work.
    function inferenceVectors(string memory name) internal view returns (string memory) {
        return json.readFile(string.concat("../workloads/inference/vectors/", name, ".json"));
    }

    /// @dev How many cases a file has; a file without cases would test nothing.
    function casesOf(string memory file) internal view returns (uint256 count) {
        while (json.keyExistsJson(file, caseAt(count))) ++count;
        require(count > 0, "no vectors");
    }

    function caseAt(uint256 i) internal pure returns (string memory) {
        return string.concat(".cases[", json.toString(i), "]");
    }

    function itemAt(string memory path, uint256 i) internal pure returns (string memory) {
        return string.concat(path, "[", json.toString(i), "]");
    }

    /// @dev How far candidates are below the first of them.
    function distancesAt(string memory file, string memory key) internal pure returns (uint256[] memory below) {
        CandidateInJson[] memory read = abi.decode(
            json.parseJsonTypeArray(file, key, "Candidate(int256 logprob,uint256 token)"), (CandidateInJson[])
        );
        below = new uint256[](read.length);
        for (uint256 i = 0; i < read.length; ++i) {
            below[i] = uint256(read[0].logprob - read[i].logprob);
        }
    }

    function nameAt(string memory file, uint256 i) internal pure returns (string memory) {
        return json.parseJsonString(file, string.concat(caseAt(i), ".input.name"));
    }

    function pathAt(string memory file, string memory key) internal pure returns (MerklePath memory) {
        return pathOf(abi.decode(json.parseJsonType(file, key, PATH), (PathInJson)));
    }

    function leafAt(string memory file, string memory key) internal pure returns (EvidenceLeaf memory) {
        LeafInJson memory read = abi.decode(json.parseJsonType(file, key, LEAF), (LeafInJson));
        return EvidenceLeaf(read.leaf, pathOf(read.path));
    }

    function headAt(string memory file, string memory key) internal pure returns (EvidenceHead memory) {
        HeadInJson memory read = abi.decode(json.parseJsonType(file, key, HEAD), (HeadInJson));
        return EvidenceHead({
            replayable: read.replayable,
            ended: read.ended,
            width: read.width,
            choice: read.choice,
            topK: read.topK,
            temperature: read.temperature,
            topP: read.topP,
            vocabulary: read.vocabulary,
            prompt: read.prompt,
            positions: read.positions,
            promptDigest: read.promptDigest,
            seed: read.seed,
            class: read.class
        });
    }

    /// @dev The receipt that a case of proofs gives step by step, canonical bytes and all.
    function receiptAt(string memory file, string memory key) internal pure returns (SignedReceipt memory) {
        return SignedReceipt({
            json: bytes(json.parseJsonString(file, string.concat(key, ".canonical"))),
            path: pathAt(file, string.concat(key, ".path")),
            signature: json.parseJsonBytes(file, string.concat(key, ".signature"))
        });
    }

    /// @dev The offer that a case gives step by step.
    function offerAt(string memory file, string memory key) internal pure returns (SignedOffer memory) {
        return SignedOffer({
            json: bytes(json.parseJsonString(file, string.concat(key, ".canonical"))),
            signature: json.parseJsonBytes(file, string.concat(key, ".signature"))
        });
    }

    function pathOf(PathInJson memory read) private pure returns (MerklePath memory) {
        return MerklePath(read.index, read.size, read.siblings);
    }

    function same(string memory one, string memory other) internal pure returns (bool) {
        return keccak256(bytes(one)) == keccak256(bytes(other));
    }
}
