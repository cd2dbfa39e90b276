// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";

import {IBatchSettlement} from "../settlement/interfaces/IBatchSettlement.sol";
import {IFraudVerifier} from "./interfaces/IFraudVerifier.sol";
import {Draw} from "./libraries/Draw.sol";
import {EvidenceReader, Reading} from "./libraries/EvidenceReader.sol";
import {OfferReader} from "./libraries/OfferReader.sol";
import {ProofErrors} from "./libraries/ProofErrors.sol";
import {ReceiptReader} from "./libraries/ReceiptReader.sol";
import {Statement} from "./libraries/Statement.sol";
import {EvidenceHead, EvidenceLeaf, Offer, Receipt, SignedOffer, SignedReceipt} from "./Proof.sol";

/// @title FraudVerifier
/// @notice Judges what a provider signed; see `IFraudVerifier` for what each function says.
/// @dev Holds no money and has no owner: it says what is proven, and others act on it. All it remembers is by which block
/// it saw what was claimed, and hashes of blocks, which nobody can alter. An honest provider signs each receipt once, tells
/// what it drew and names blocks by which no more was claimed than is charged, so nobody can make these functions call it
/// guilty. No clock is read.
contract FraudVerifier is IFraudVerifier {
    /// @inheritdoc IFraudVerifier
    uint256 public immutable CHAIN_ID;

    /// @inheritdoc IFraudVerifier
    address public immutable SETTLEMENT;

    bytes32 private immutable SEPARATOR;

    /// @inheritdoc IFraudVerifier
    mapping(bytes32 channelId => mapping(uint128 totalClaimed => uint256 number)) public witnessed;

    /// @inheritdoc IFraudVerifier
    mapping(uint256 number => bytes32 hash) public witnessedBlocks;

    /// @param chainId Chain that the receipts have to name; it need not be this one.
    /// @param settlement Settlement contract that they have to name.
    constructor(uint256 chainId, address settlement) {
        CHAIN_ID = chainId;
        SETTLEMENT = settlement;
        SEPARATOR = Statement.separatorOf(chainId, settlement);
    }

    /// @inheritdoc IFraudVerifier
    function readReceipt(SignedReceipt calldata signed) public view returns (Receipt memory receipt) {
        return ReceiptReader.verify(signed, SEPARATOR, CHAIN_ID, SETTLEMENT);
    }

    /// @inheritdoc IFraudVerifier
    function equivocation(SignedReceipt calldata one, SignedReceipt calldata other)
        external
        view
        returns (bool guilty, address provider)
    {
        Receipt memory first = readReceipt(one);
        Receipt memory second = readReceipt(other);
        if (first.provider != second.provider) revert ProofErrors.DifferentProviders();
        if (first.channel != second.channel || first.sequence != second.sequence) revert ProofErrors.DifferentPlaces();
        guilty = keccak256(one.json) != keccak256(other.json);
        // Work for nothing needs no chain, so who lost its ledger cannot see that it was done before the channel was there.
        if (guilty && (first.charged == 0 || second.charged == 0)) revert ProofErrors.NothingCharged();
        return (guilty, first.provider);
    }

    /// @inheritdoc IFraudVerifier
    function witnessClaim(bytes32 channelId) external returns (uint128 totalClaimed, uint256 number) {
        _requireOwnChain();
        (, totalClaimed) = IBatchSettlement(SETTLEMENT).channels(channelId);
        number = witnessed[channelId][totalClaimed];
        if (number == 0) {
            number = block.number;
            witnessed[channelId][totalClaimed] = number;
        }
    }

    /// @inheritdoc IFraudVerifier
    function witnessBlock(uint256 number) external returns (bytes32 hash) {
        _requireOwnChain();
        hash = _hashOf(number);
        witnessedBlocks[number] = hash;
    }

    /// @inheritdoc IFraudVerifier
    function overcharge(SignedReceipt calldata signed, uint128 totalClaimed)
        external
        view
        returns (bool guilty, address provider)
    {
        Receipt memory receipt = readReceipt(signed);
        if (receipt.charged >= totalClaimed) return (false, receipt.provider);
        uint256 number = witnessed[receipt.channel][totalClaimed];
        if (number == 0) revert ProofErrors.NotWitnessed();
        // What was claimed stays claimed: by the end of every block from there on it was so much, or more.
        if (!receipt.hasSeen || receipt.seenBlock < number) revert ProofErrors.NotLaterThanClaim();
        if (_hashOf(receipt.seenBlock) != receipt.seenHash) revert ProofErrors.NotOnThisChain();
        return (true, receipt.provider);
    }

    /// @inheritdoc IFraudVerifier
    function overcount(SignedReceipt calldata signed, EvidenceLeaf calldata head)
        external
        view
        returns (bool guilty, address provider)
    {
        Receipt memory receipt = _readKnown(signed);
        (bool sound, EvidenceHead memory told) = _openHead(receipt, head);
        if (!sound) revert ProofErrors.MalformedHead();
        uint256 written = told.positions - (told.ended ? 1 : 0);
        return (receipt.completion > written || receipt.prompt + receipt.cached > told.prompt, receipt.provider);
    }

    /// @inheritdoc IFraudVerifier
    function wrongModel(SignedReceipt calldata signed, SignedOffer calldata offer)
        external
        view
        returns (bool guilty, address provider)
    {
        Receipt memory receipt = _readKnown(signed);
        bytes32 digest = sha256(offer.json);
        if (digest != receipt.offer) revert ProofErrors.NotTheOffer();
        Offer memory named = OfferReader.verify(offer, digest);
        if (named.provider != receipt.provider) revert ProofErrors.DifferentProviders();
        return (receipt.model != named.model, receipt.provider);
    }

    /// @inheritdoc IFraudVerifier
    function redraw(SignedReceipt calldata signed, EvidenceLeaf calldata head, EvidenceLeaf calldata leaf)
        external
        view
        returns (bool guilty, address provider)
    {
        Receipt memory receipt = _readKnown(signed);
        (bool sound, EvidenceHead memory told) = _openHead(receipt, head);
        _openPositions(receipt, leaf);
        if (!sound) revert ProofErrors.MalformedHead();
        if (!told.replayable) revert ProofErrors.NotReplayable();

        uint256[] memory low = Draw.table();
        Reading memory reading;
        (sound, reading) = EvidenceReader.begin(leaf.leaf, told, leaf.path.index);
        // Read to the end, also behind a wrong draw: a leaf that breaks a rule further on is another proof.
        while (sound && reading.remaining > 0) {
            uint32 position = reading.number;
            sound = EvidenceReader.next(reading, told);
            if (sound && !guilty) {
                uint256 number = told.temperature == 0 ? 0 : Draw.random(told.seed, told.choice, position);
                guilty =
                    reading.drawn != Draw.draw(low, reading.below, reading.count, told.temperature, told.topP, number);
            }
        }
        if (!sound) revert ProofErrors.MalformedPositions();
        return (guilty, receipt.provider);
    }

    /// @inheritdoc IFraudVerifier
    function malformed(SignedReceipt calldata signed, EvidenceLeaf calldata head, EvidenceLeaf calldata leaf)
        external
        view
        returns (bool guilty, address provider)
    {
        Receipt memory receipt = _readKnown(signed);
        (bool sound, EvidenceHead memory told) = _openHead(receipt, head);
        if (leaf.path.index == 0) {
            EvidenceReader.open(receipt.evidence, leaf);
        } else {
            _openPositions(receipt, leaf);
            Reading memory reading;
            if (sound) (sound, reading) = EvidenceReader.begin(leaf.leaf, told, leaf.path.index);
            while (sound && reading.remaining > 0) {
                sound = EvidenceReader.next(reading, told);
            }
        }
        return (!sound, receipt.provider);
    }

    /// @dev A receipt of a kind of work that the proofs know. What another kind counts, draws or calls by its digest is its
    /// own affair: by the rules of this one an honest answer would look like fraud.
    function _readKnown(SignedReceipt calldata signed) private view returns (Receipt memory receipt) {
        receipt = readReceipt(signed);
        if (!receipt.isInference) revert ProofErrors.UnknownWorkload();
    }

    /// @dev Only on its own chain there is something to be seen.
    function _requireOwnChain() private view {
        if (block.chainid != CHAIN_ID) revert ProofErrors.ForeignChain();
    }

    /// @dev The hash of a block of this chain: as it was witnessed, or one of the last 8,191, or of the last 256 where the
    /// chain does not keep them (EIP-2935).
    function _hashOf(uint256 number) private view returns (bytes32 hash) {
        hash = witnessedBlocks[number];
        if (hash == 0) hash = Blockhash.blockHash(number);
        if (hash == 0) revert ProofErrors.BlockNotWitnessed();
    }

    /// @dev The head that the receipt binds, and whether it keeps the rules.
    function _openHead(Receipt memory receipt, EvidenceLeaf calldata head)
        private
        pure
        returns (bool sound, EvidenceHead memory told)
    {
        if (!receipt.hasEvidence) revert ProofErrors.NoEvidence();
        if (head.path.index != 0) revert ProofErrors.NotTheHead();
        EvidenceReader.open(receipt.evidence, head);
        return EvidenceReader.readHead(head.leaf, head.path.size);
    }

    function _openPositions(Receipt memory receipt, EvidenceLeaf calldata leaf) private pure {
        if (leaf.path.index == 0) revert ProofErrors.NotPositions();
        EvidenceReader.open(receipt.evidence, leaf);
    }
}
