// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {Offer, SignedOffer, SignedReceipt} from "../../src/trust/Proof.sol";
import {IFraudVerifier} from "../../src/trust/interfaces/IFraudVerifier.sol";
import {LibraryHarness} from "./support/LibraryHarness.sol";
import {Offers} from "./support/Offers.sol";

/// @notice An offer is read from its canonical bytes, and the model of a receipt held against the one it serves.
contract ReadOfferTest is Offers {
    LibraryHarness private libraries = new LibraryHarness();
    IFraudVerifier private verifier;

    function setUp() external {
        verifier = IFraudVerifier(deployed("FraudVerifier.sol:FraudVerifier", abi.encode(CHAIN, SETTLEMENT)));
    }

    /// Every offer of the vectors, field by field.
    function test_vectors() external view {
        string memory file = vectors("offer");
        uint256 cases = casesOf(file);
        for (uint256 i = 0; i < cases; ++i) {
            string memory key = string.concat(caseAt(i), ".input.offer.");
            bytes memory text = bytes(json.parseJsonString(file, string.concat(caseAt(i), ".output.canonical")));
            vm.assertEq(sha256(text), json.parseJsonBytes32(file, string.concat(caseAt(i), ".output.digest")), "digest");

            Offer memory read = libraries.readOffer(text);
            vm.assertEq(read.chainId, json.parseJsonUint(file, string.concat(key, "chainId")), "chain");
            vm.assertEq(read.settlement, json.parseJsonAddress(file, string.concat(key, "settlement")), "settlement");
            vm.assertEq(read.provider, json.parseJsonAddress(file, string.concat(key, "provider")), "provider");
            vm.assertEq(read.model, json.parseJsonBytes32(file, string.concat(key, "serves.digest")), "model");
        }
    }

    // ------------------------------------------------------------- what it proves

    /// A receipt is guilty of any model but the one that its offer serves.
    function testFuzz_wrongModelIsExact(bytes32 served, bytes32 ran) external view {
        OfferDraft memory it = offerDraft();
        it.serves = servesOf(served);
        (bool guilty, address named) = verifier.wrongModel(receiptFor(writeOffer(it), served), signOffer(it));
        vm.assertFalse(guilty, "the model of the offer");
        vm.assertEq(named, provider, "provider");

        (guilty, named) = verifier.wrongModel(receiptFor(writeOffer(it), ran), signOffer(it));
        vm.assertTrue(guilty == (ran != served), "another");
        vm.assertEq(named, provider, "provider");
    }

    /// Whatever an honest offer says elsewhere, the model it serves is the one that counts.
    function testFuzz_textsAreNoMembers(bytes32 served, bytes32 spelled, uint256 place) external view {
        OfferDraft memory it = offerDraft();
        it.serves = servesOf(served);
        string memory inside = string.concat('\\",\\"serves\\":{\\"digest\\":\\"', digestText(spelled), '\\"');
        place = within(place, 0, 4);
        if (place == 0) it.endpoint = inside;
        else if (place == 1) it.build = inside;
        else if (place == 2) it.features = '["serves","\\",\\"serves\\":{","digest"]';
        else if (place == 3) it.limits = '{"\\"serves\\":{\\"digest\\":\\"0x":1,"digest":2,"serves":3}';
        else it.prices = '{"\\"serves\\":{\\"digest\\":\\"0x":"1","digest":"2","serves":"3"}';

        vm.assertEq(libraries.readOffer(writeOffer(it)).model, served, "model");
        (bool guilty,) = verifier.wrongModel(receiptFor(writeOffer(it), served), signOffer(it));
        vm.assertFalse(guilty, "honest");
        (guilty,) = verifier.wrongModel(receiptFor(writeOffer(it), ~served), signOffer(it));
        vm.assertTrue(guilty, "another model");
    }

    /// A byte altered anywhere in what an honest provider signed convicts nobody, and neither does another offer.
    function testFuzz_oneByteAltered(uint256 part, uint256 place, uint8 change) external view {
        change = uint8(within(change, 1, 255));
        bytes memory text = writeOffer(offerDraft());
        SignedOffer memory offer = signOfferText(writeOffer(offerDraft()));
        SignedReceipt memory receipt = receiptFor(text, keccak256("served"));
        part = within(part, 0, 3);
        if (part == 0) alter(offer.json, place, change);
        else if (part == 1) alter(offer.signature, place, change);
        else if (part == 2) alter(receipt.json, place, change);
        else alter(receipt.signature, place, change);
        noneIsGuilty(receipt, offer);
    }

    /// An altered offer under a new signature is another one than the receipt names.
    function testFuzz_onlyTheOfferThatTheReceiptNames(bytes32 other) external {
        vm.assume(other != keccak256("served"));
        OfferDraft memory it = offerDraft();
        SignedReceipt memory receipt = receiptFor(writeOffer(it), keccak256("served"));
        it.serves = servesOf(other);
        refuses(receipt, signOffer(it), ProofErrors.NotTheOffer.selector);
    }

    function testFuzz_randomBytes(bytes memory text, bytes memory proof) external view {
        SignedOffer memory offer = SignedOffer(text, proof);
        noneIsGuilty(receiptFor(writeOffer(offerDraft()), keccak256("served")), offer);
        // Even a receipt that names just these bytes.
        noneIsGuilty(receiptFor(text, keccak256("served")), offer);
    }

    // ------------------------------------------------------------- who signed

    /// A provider that named an offer which it did not sign is not convicted by it.
    function test_onlyItsProviderSigns() external {
        bytes memory text = writeOffer(offerDraft());
        SignedReceipt memory receipt = receiptFor(text, keccak256("another"));
        bytes32 digest = sha256(text);
        bytes memory proof = signStatement(0xBAD, CHAIN, SETTLEMENT, "offer", digest);
        refuses(receipt, SignedOffer(text, proof), ProofErrors.NotSignedByProvider.selector);
        refuses(receipt, SignedOffer(text, ""), ProofErrors.NotSignedByProvider.selector);
        proof = bytes.concat(signOfferText(text).signature, hex"00");
        refuses(receipt, SignedOffer(text, proof), ProofErrors.NotSignedByProvider.selector);
        // As a statement of another kind, or in another domain than it names.
        proof = signStatement(PROVIDER_KEY, CHAIN, SETTLEMENT, "receipts", digest);
        refuses(receipt, SignedOffer(text, proof), ProofErrors.NotSignedByProvider.selector);
        proof = signStatement(PROVIDER_KEY, CHAIN + 1, SETTLEMENT, "offer", digest);
        refuses(receipt, SignedOffer(text, proof), ProofErrors.NotSignedByProvider.selector);
    }

    /// An offer that names nobody is not signed by the nobody that a failed recovery gives.
    function test_zeroIsNoProvider() external {
        OfferDraft memory it = offerDraft();
        it.provider = json.toString(address(0));
        bytes memory text = writeOffer(it);
        SignedOffer memory offer = SignedOffer(text, abi.encodePacked(bytes32(0), bytes32(0), uint8(27)));
        refuses(receiptFor(text, keccak256("another")), offer, ProofErrors.NotSignedByProvider.selector);
    }

    function test_anotherProvidersOffer() external {
        OfferDraft memory it = offerDraft();
        it.provider = json.toString(vm.addr(0x07E2));
        bytes memory text = writeOffer(it);
        SignedOffer memory offer = SignedOffer(text, signStatement(0x07E2, CHAIN, SETTLEMENT, "offer", sha256(text)));
        refuses(receiptFor(text, keccak256("another")), offer, ProofErrors.DifferentProviders.selector);
    }

    /// The offer's own domain is the one that it is signed in; naming an offer of elsewhere is no way out.
    function test_offerOfAnotherChain() external view {
        OfferDraft memory it = offerDraft();
        it.chainId = "8453";
        bytes memory text = writeOffer(it);
        SignedOffer memory offer =
            SignedOffer(text, signStatement(PROVIDER_KEY, 8453, SETTLEMENT, "offer", sha256(text)));
        (bool guilty,) = verifier.wrongModel(receiptFor(text, keccak256("another")), offer);
        vm.assertTrue(guilty, "another model");
        (guilty,) = verifier.wrongModel(receiptFor(text, keccak256("served")), offer);
        vm.assertFalse(guilty, "the model of the offer");
    }

    // ------------------------------------------------------------- the one form

    function test_serves() external view {
        string memory digest = string.concat('{"digest":"', digestText(keccak256("served")), '"');
        string[2] memory good = [',"name":"m"}', ',"name":"m","quantization":"Q"}'];
        string[8] memory bad = [
            "}",
            ',"name":""}',
            ',"name":"m","quantization":""}',
            ',"name":"m","quantization":null}',
            ',"quantization":"Q","name":"m"}',
            ',"name":"m","more":"m"}',
            ',"name":"m","digest":"0x"}',
            ', "name":"m"}'
        ];
        OfferDraft memory it = offerDraft();
        for (uint256 i = 0; i < good.length; ++i) {
            it.serves = string.concat(digest, good[i]);
            vm.assertEq(libraries.readOffer(writeOffer(it)).model, keccak256("served"), good[i]);
        }
        for (uint256 i = 0; i < bad.length; ++i) {
            it.serves = string.concat(digest, bad[i]);
            vm.assertTrue(isMalformed(writeOffer(it)), bad[i]);
        }
    }

    /// A digest twice, in any order, is no offer.
    function test_membersTwice() external view {
        string memory digest = string.concat('"digest":"', digestText(keccak256("served")), '"');
        OfferDraft memory it = offerDraft();
        it.serves = string.concat("{", digest, ",", digest, ',"name":"m"}');
        vm.assertTrue(isMalformed(writeOffer(it)), "digest twice");
        it.serves = string.concat(servesOf(keccak256("served")), ',"serves":', servesOf(keccak256("other")));
        vm.assertTrue(isMalformed(writeOffer(it)), "serves twice");
    }

    function test_features() external view {
        string memory most = '["a"';
        for (uint256 i = 1; i < 64; ++i) {
            most = string.concat(most, ',"a"');
        }
        string[3] memory good = ["[]", '["01234567890123456789012345678901"]', string.concat(most, "]")];
        string[7] memory bad = [
            '[""]',
            '["012345678901234567890123456789012"]',
            string.concat(most, ',"a"]'),
            '["a",]',
            "[1]",
            '["a" ,"b"]',
            "{}"
        ];
        OfferDraft memory it = offerDraft();
        for (uint256 i = 0; i < good.length; ++i) {
            it.features = good[i];
            libraries.readOffer(writeOffer(it));
        }
        for (uint256 i = 0; i < bad.length; ++i) {
            it.features = bad[i];
            vm.assertTrue(isMalformed(writeOffer(it)), bad[i]);
        }
    }

    function test_limitsAndPrices() external view {
        string[4] memory good = ["{}", '{"":0}', '{"a":9007199254740991}', '{"Z":1,"a":1,"aa":1,"b":1}'];
        string[9] memory bad = [
            '{"a":9007199254740992}',
            '{"a":-1}',
            '{"a":1.5}',
            '{"a":"1"}',
            '{"a":01}',
            '{"b":1,"a":1}',
            '{"a":1,"a":1}',
            '{"__proto__":1}',
            '{"a":1,}'
        ];
        OfferDraft memory it = offerDraft();
        for (uint256 i = 0; i < good.length; ++i) {
            it.limits = good[i];
            libraries.readOffer(writeOffer(it));
        }
        for (uint256 i = 0; i < bad.length; ++i) {
            it.limits = bad[i];
            vm.assertTrue(isMalformed(writeOffer(it)), bad[i]);
        }

        it = offerDraft();
        it.prices = '{"a":"340282366920938463463374607431768211455"}';
        libraries.readOffer(writeOffer(it));
        it.prices = '{"a":"340282366920938463463374607431768211456"}';
        vm.assertTrue(isMalformed(writeOffer(it)), "too much");
        it.prices = '{"a":1}';
        vm.assertTrue(isMalformed(writeOffer(it)), "a number");
    }

    function test_numbers() external view {
        string[2] memory good = ["900", "2592000"];
        string[4] memory bad = ["899", "2592001", "0", "3600.0"];
        OfferDraft memory it = offerDraft();
        for (uint256 i = 0; i < good.length; ++i) {
            it.withdrawDelay = good[i];
            libraries.readOffer(writeOffer(it));
        }
        for (uint256 i = 0; i < bad.length; ++i) {
            it.withdrawDelay = bad[i];
            vm.assertTrue(isMalformed(writeOffer(it)), bad[i]);
        }
        it = offerDraft();
        it.expires = "0";
        vm.assertTrue(isMalformed(writeOffer(it)), "expires");
        it = offerDraft();
        it.workload = "";
        vm.assertTrue(isMalformed(writeOffer(it)), "workload");
        it = offerDraft();
        it.exposure = "";
        vm.assertTrue(isMalformed(writeOffer(it)), "exposure");
    }

    /// Nothing before, nothing behind, nothing missing.
    function testFuzz_neitherLongerNorShorter(uint256 length, bytes1 more) external view {
        bytes memory text = writeOffer(offerDraft());
        vm.assertTrue(isMalformed(bytes.concat(text, more)), "behind");
        vm.assertTrue(isMalformed(bytes.concat(more, text)), "before");
        length = within(length, 0, text.length - 1);
        bytes memory part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = text[i];
        }
        vm.assertTrue(isMalformed(part), "a part");
    }

    // ------------------------------------------------------------- what tests need

    /// @dev A receipt that names an offer and a model.
    function receiptFor(bytes memory offer, bytes32 model) private view returns (SignedReceipt memory) {
        Draft memory it = draft();
        it.offer = digestText(sha256(offer));
        it.model = digestText(model);
        return signAlone(write(it));
    }

    function refuses(SignedReceipt memory signed, SignedOffer memory offer, bytes4 reason) private {
        vm.expectRevert(reason);
        verifier.wrongModel(signed, offer);
    }

    function noneIsGuilty(SignedReceipt memory signed, SignedOffer memory offer) private view {
        try verifier.wrongModel(signed, offer) returns (bool guilty, address) {
            vm.assertFalse(guilty, "not guilty");
        } catch (bytes memory reason) {
            vm.assertEq(reason.length, 4, "a reason");
        }
    }

    function isMalformed(bytes memory text) private view returns (bool) {
        try libraries.readOffer(text) {
            return false;
        } catch (bytes memory reason) {
            return bytes4(reason) == ProofErrors.MalformedText.selector;
        }
    }

    function alter(bytes memory whole, uint256 place, uint8 change) private pure {
        whole[within(place, 0, whole.length - 1)] ^= bytes1(change);
    }
}
