// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {Receipt, SignedReceipt} from "../../src/trust/Proof.sol";
import {IFraudVerifier} from "../../src/trust/interfaces/IFraudVerifier.sol";
import {LibraryHarness} from "./support/LibraryHarness.sol";
import {Receipts} from "./support/Receipts.sol";

/// @notice A receipt is read from its canonical bytes, and from nothing else.
contract ReadReceiptTest is Receipts {
    LibraryHarness private libraries = new LibraryHarness();
    IFraudVerifier private verifier;

    function setUp() external {
        verifier = IFraudVerifier(deployed("FraudVerifier.sol:FraudVerifier", abi.encode(CHAIN, SETTLEMENT)));
    }

    /// Every receipt of the proofs' vectors, field by field, with the leaf and the signer that they name.
    function test_vectors() external view {
        string memory file = inferenceVectors("proof");
        uint256 cases = casesOf(file);
        for (uint256 i = 0; i < cases; ++i) {
            string memory key = string.concat(caseAt(i), ".output.receipts[0]");
            SignedReceipt memory signed = receiptAt(file, key);
            vm.assertEq(leafHash(signed.json), json.parseJsonBytes32(file, string.concat(key, ".leaf")), "leaf");

            string memory field = string.concat(caseAt(i), ".input.proof.receipt");
            if (json.keyExistsJson(file, string.concat(caseAt(i), ".input.proof.receipts"))) {
                field = string.concat(caseAt(i), ".input.proof.receipts[0]");
            }
            check(libraries.readReceipt(signed.json, CHAIN, SETTLEMENT), file, string.concat(field, ".receipt."));
        }
    }

    function check(Receipt memory read, string memory file, string memory key) private view {
        vm.assertEq(read.channel, word(file, key, "channel"), "channel");
        vm.assertEq(read.id, word(file, key, "id"), "id");
        vm.assertEq(read.offer, word(file, key, "offer"), "offer");
        vm.assertEq(read.model, word(file, key, "model"), "model");
        vm.assertEq(read.nonce, word(file, key, "nonce"), "nonce");
        vm.assertEq(read.seed, word(file, key, "seed"), "seed");
        vm.assertEq(read.sequence, number(file, key, "sequence"), "sequence");
        vm.assertEq(read.charge, number(file, key, "charge"), "charge");
        vm.assertEq(read.charged, number(file, key, "charged"), "charged");
        vm.assertEq(read.finished, number(file, key, "finished"), "finished");
        vm.assertEq(read.provider, json.parseJsonAddress(file, string.concat(key, "provider")), "provider");
        vm.assertEq(read.prompt, number(file, key, "usage.prompt"), "prompt");
        vm.assertEq(read.cached, number(file, key, "usage.cached"), "cached");
        vm.assertEq(read.completion, number(file, key, "usage.completion"), "completion");
        if (read.hasEvidence) vm.assertEq(read.evidence, word(file, key, "evidence"), "evidence");
        else vm.assertTrue(same(json.parseJsonString(file, string.concat(key, "evidence")), "null"), "no evidence");
    }

    function word(string memory file, string memory key, string memory field) private pure returns (bytes32) {
        return json.parseJsonBytes32(file, string.concat(key, field));
    }

    /// @dev Zero where it does not stand, as with what is counted.
    function number(string memory file, string memory key, string memory field) private view returns (uint256) {
        string memory whole = string.concat(key, field);
        return json.keyExistsJson(file, whole) ? json.parseJsonUint(file, whole) : 0;
    }

    // ------------------------------------------------------------- who signed

    function test_aloneAndInABatch() external view {
        vm.assertEq(verifier.readReceipt(signAlone(write(draft()))).provider, provider, "alone");
        for (uint64 index = 0; index < 8; ++index) {
            vm.assertEq(verifier.readReceipt(signInBatch(write(draft()), index, 3)).provider, provider, "in a batch");
        }
    }

    function test_onlyTheProviderSigns() external {
        bytes memory text = write(draft());
        SignedReceipt memory signed = signAlone(text);
        signed.signature = signHead(0xBAD, leafHash(text));
        refuses(signed, ProofErrors.NotSignedByProvider.selector);

        signed.signature = bytes.concat(signAlone(text).signature, hex"00");
        refuses(signed, ProofErrors.NotSignedByProvider.selector);
        signed.signature = "";
        refuses(signed, ProofErrors.NotSignedByProvider.selector);
    }

    /// No signature has a second form.
    function test_highSignaturesAreRefused() external {
        SignedReceipt memory signed = signAlone(write(draft()));
        (bytes32 r, bytes32 s, uint8 v) = partsOf(signed.signature);
        signed.signature = abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        refuses(signed, ProofErrors.NotSignedByProvider.selector);
        signed.signature = abi.encodePacked(r, s, v - 27);
        refuses(signed, ProofErrors.NotSignedByProvider.selector);
    }

    /// A receipt that names nobody is not signed by the nobody that a failed recovery gives.
    function test_zeroIsNoProvider() external {
        Draft memory it = draft();
        it.provider = json.toString(address(0));
        SignedReceipt memory signed = signAlone(write(it));
        signed.signature = abi.encodePacked(bytes32(0), bytes32(0), uint8(27));
        refuses(signed, ProofErrors.NotSignedByProvider.selector);
    }

    /// The size is signed with the root: the root of a batch is not the head of anything else.
    function test_sizeIsSigned() external {
        bytes memory text = write(draft());
        SignedReceipt memory signed = signInBatch(text, 1, 1);
        signed.path.size = 3;
        refuses(signed, ProofErrors.MalformedPath.selector);
        signed.path.index = 0;
        signed.path.size = 2;
        refuses(signed, ProofErrors.NotSignedByProvider.selector);

        // Without the size, a leaf of two would be signed by the signature over their root.
        signed = signInBatch(text, 0, 1);
        signed.signature = signHead(PROVIDER_KEY, nodeHash(leafHash(text), signed.path.siblings[0]));
        refuses(signed, ProofErrors.NotSignedByProvider.selector);
    }

    function test_ofThisChainAndContract() external {
        Draft memory it = draft();
        it.chainId = "31338";
        refuses(signAlone(write(it)), ProofErrors.ForeignReceipt.selector);
        it = draft();
        it.settlement = "0x4020074e9df2ce1dee5a9c1b5c3f541d02a10004";
        refuses(signAlone(write(it)), ProofErrors.ForeignReceipt.selector);
    }

    // ------------------------------------------------------------- the one form

    /// Texts hold anything, in the one form that RFC 8785 gives them, and nothing in them is taken for a field.
    function test_textsOfTheEngine() external view {
        string[9] memory good = [
            "",
            unicode"é € 😀 中",
            unicode"\u007f\ue000\uffff",
            "\\b\\t\\n\\f\\r\\u0000\\u000b\\u001f\\\"\\\\/",
            "\\\",\\\"evidence\\\":\\\"0x",
            '{\\"provider\\":\\"0x00\\"}',
            "0123456789012345678901234567890123456789012345678901234567890123",
            "}]},:",
            "\\\\"
        ];
        for (uint256 i = 0; i < good.length; ++i) {
            Draft memory it = draft();
            it.build = good[i];
            Receipt memory read = libraries.readReceipt(write(it), CHAIN, SETTLEMENT);
            vm.assertEq(read.provider, provider, good[i]);
            vm.assertFalse(read.hasEvidence, good[i]);
        }
    }

    function test_textsInAnotherForm() external view {
        bytes[20] memory bad = [
            bytes("\\/"),
            "\\u0041",
            "\\u000A",
            "\\u000a",
            "\\u001F",
            "\\u0008",
            "\\ud83d\\ude00",
            "\\x",
            "\\",
            hex"0a",
            hex"1f",
            hex"00",
            hex"80",
            hex"c080",
            hex"c1bf",
            hex"e08080",
            hex"eda080",
            hex"f08f8080",
            hex"f4908080",
            hex"f8888080"
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            Draft memory it = draft();
            it.build = string(bad[i]);
            vm.assertTrue(isMalformed(write(it)), string(bad[i]));
        }
    }

    /// Lengths are counted as the receipt's schema does, in UTF-16 units.
    function test_lengthsOfTexts() external view {
        Draft memory it = draft();
        it.build = repeated("a", 128);
        libraries.readReceipt(write(it), CHAIN, SETTLEMENT);
        it.build = repeated("a", 129);
        vm.assertTrue(isMalformed(write(it)), "129");
        it.build = repeated(unicode"😀", 64);
        libraries.readReceipt(write(it), CHAIN, SETTLEMENT);
        it.build = string.concat(repeated(unicode"😀", 64), "a");
        vm.assertTrue(isMalformed(write(it)), "64 pairs and one");
        it.build = string.concat("a", repeated(unicode"😀", 64));
        vm.assertTrue(isMalformed(write(it)), "one and 64 pairs");

        it = draft();
        it.workload = "";
        vm.assertTrue(isMalformed(write(it)), "no workload");
        it.workload = repeated("w", 33);
        vm.assertTrue(isMalformed(write(it)), "33");
    }

    /// Counts have any names, in the order of their UTF-16 units; what is not there is zero.
    function test_whatIsCounted() external view {
        counts("{}", 0, 0, 0);
        counts('{"completion":"7"}', 0, 0, 7);
        counts('{"cached":"999999999999999999","prompt":"0"}', 0, 999_999_999_999_999_999, 0);
        counts('{"Prompt":"1","completion":"2","prompt":"3","prompt ":"4","promptt":"5"}', 3, 0, 2);
        counts('{"":"1","\\u0000":"2","\\u0000\\u0000":"3","\\"":"4","a":"5","a\\u0000":"6"}', 0, 0, 0);
        // A pair of surrogates comes before U+E000 and above, though its bytes come after.
        counts(unicode'{"prompt":"1","😀":"2","\ue000":"3"}', 1, 0, 0);
        counts('{"12345678901234567890123456789012":"1"}', 0, 0, 0);

        string[13] memory bad = [
            '{"prompt":"1","prompt":"2"}',
            '{"prompt":"1","completion":"2"}',
            unicode'{"\ue000":"3","😀":"2"}',
            '{"prompt":"01"}',
            '{"prompt":""}',
            '{"prompt":1}',
            '{"prompt":"-1"}',
            '{"prompt":"1000000000000000000"}',
            '{"prompt":"1",}',
            '{"prompt": "1"}',
            '{"__proto__":"1"}',
            '{"123456789012345678901234567890123":"1"}',
            "null"
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            Draft memory it = draft();
            it.usage = bad[i];
            vm.assertTrue(isMalformed(write(it)), bad[i]);
        }
    }

    function test_sixteenUnitsAtMost() public view {
        string memory usage = '{"a":"1"';
        for (uint8 name = 0x62; name < 0x71; ++name) {
            usage = string.concat(usage, ',"', string(abi.encodePacked(name)), '":"1"');
        }
        counts(string.concat(usage, "}"), 0, 0, 0);
        Draft memory it = draft();
        it.usage = string.concat(usage, ',"q":"1"}');
        vm.assertTrue(isMalformed(write(it)), "seventeen");
    }

    function counts(string memory usage, uint256 prompt, uint256 cached, uint256 completion) private view {
        Draft memory it = draft();
        it.usage = usage;
        Receipt memory read = libraries.readReceipt(write(it), CHAIN, SETTLEMENT);
        vm.assertEq(read.prompt, prompt, usage);
        vm.assertEq(read.cached, cached, usage);
        vm.assertEq(read.completion, completion, usage);
    }

    function test_numbers() external view {
        Draft memory it = draft();
        it.charged = "340282366920938463463374607431768211455";
        vm.assertEq(libraries.readReceipt(write(it), CHAIN, SETTLEMENT).charged, type(uint128).max, "the largest");
        it.charged = "340282366920938463463374607431768211456";
        vm.assertTrue(isMalformed(write(it)), "one more");
        it.charged = "1000000000000000000000000000000000000000";
        vm.assertTrue(isMalformed(write(it)), "40 digits");
        it.charged = "00";
        vm.assertTrue(isMalformed(write(it)), "zero twice");

        string[6] memory bad = ["031337", "31337.0", "3.1337e4", "-31337", '"31337"', ""];
        for (uint256 i = 0; i < bad.length; ++i) {
            it = draft();
            it.chainId = bad[i];
            vm.assertTrue(isMalformed(write(it)), bad[i]);
        }
        it = draft();
        it.chainId = "9007199254740991";
        libraries.readReceipt(write(it), 2 ** 53 - 1, SETTLEMENT);
        it.chainId = "9007199254740992";
        vm.assertTrue(isMalformed(write(it)), "above what JSON's numbers hold");
    }

    function test_digitsAreLowerCase() external view {
        Draft memory it = draft();
        it.channel = "0x000000000000000000000000000000000000000000000000000000000000000A";
        vm.assertTrue(isMalformed(write(it)), "a capital");
        it.channel = "0x00000000000000000000000000000000000000000000000000000000000000g0";
        vm.assertTrue(isMalformed(write(it)), "not a digit");
        it.channel = "0x0000000000000000000000000000000000000000000000000000000000000000";
        vm.assertEq(libraries.readReceipt(write(it), CHAIN, SETTLEMENT).channel, bytes32(0), "zero");
    }

    function test_finish() external view {
        string[3] memory good = ["stop", "length", "interrupted"];
        for (uint256 i = 0; i < good.length; ++i) {
            Draft memory it = draft();
            it.finish = good[i];
            libraries.readReceipt(write(it), CHAIN, SETTLEMENT);
            it.finish = string.concat(good[i], "s");
            vm.assertTrue(isMalformed(write(it)), "another word");
        }
    }

    /// Nothing before, nothing behind, nothing missing.
    function testFuzz_neitherLongerNorShorter(uint256 length, bytes1 more) external view {
        bytes memory text = write(draft());
        vm.assertTrue(isMalformed(bytes.concat(text, more)), "behind");
        vm.assertTrue(isMalformed(bytes.concat(more, text)), "before");
        length = within(length, 0, text.length - 1);
        bytes memory part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = text[i];
        }
        vm.assertTrue(isMalformed(part), "a part");
    }

    function testFuzz_randomBytesAreNoReceipt(bytes memory text) external view {
        vm.assertTrue(isMalformed(text), "random");
    }

    // ------------------------------------------------------------- digits

    function testFuzz_hexThereAndBack(uint128 value) external view {
        uint256 text = libraries.encodeHex(value);
        bytes memory digits = bytes(json.toString(bytes32(uint256(value))));
        for (uint256 i = 0; i < 32; ++i) {
            vm.assertEq(uint8(text >> (248 - 8 * i)), uint8(digits[34 + i]), "digit");
        }
        (bool sound, uint256 read) = libraries.decodeHex(text);
        vm.assertTrue(sound, "sound");
        vm.assertEq(read, value, "value");
    }

    /// One character altered is a digit exactly if it is one of sixteen.
    function testFuzz_hexOfOneCharacter(uint128 value, uint256 place, uint8 character) external view {
        place = within(place, 0, 31);
        uint256 shift = 248 - 8 * place;
        uint256 text = libraries.encodeHex(value) & ~(uint256(0xff) << shift) | (uint256(character) << shift);
        bool isDigit = (character >= 0x30 && character <= 0x39) || (character >= 0x61 && character <= 0x66);
        (bool sound,) = libraries.decodeHex(text);
        vm.assertTrue(sound == isDigit, "digit");
    }

    function testFuzz_hexOfRandomText(bytes32 text) external view {
        bool isHex = true;
        for (uint256 i = 0; i < 32; ++i) {
            bytes1 one = text[i];
            isHex = isHex && ((one >= "0" && one <= "9") || (one >= "a" && one <= "f"));
        }
        (bool sound,) = libraries.decodeHex(uint256(text));
        vm.assertTrue(sound == isHex, "digits");
    }

    // ------------------------------------------------------------- what tests need

    function refuses(SignedReceipt memory signed, bytes4 reason) private {
        vm.expectRevert(reason);
        verifier.readReceipt(signed);
    }

    function isMalformed(bytes memory text) private view returns (bool) {
        try libraries.readReceipt(text, CHAIN, SETTLEMENT) {
            return false;
        } catch (bytes memory reason) {
            return bytes4(reason) == ProofErrors.MalformedText.selector;
        }
    }

    function repeated(string memory text, uint256 times) private pure returns (string memory whole) {
        for (uint256 i = 0; i < times; ++i) {
            whole = string.concat(whole, text);
        }
    }

    function partsOf(bytes memory whole) private pure returns (bytes32 r, bytes32 s, uint8 v) {
        assembly ("memory-safe") {
            r := mload(add(whole, 0x20))
            s := mload(add(whole, 0x40))
            v := byte(0, mload(add(whole, 0x60)))
        }
    }
}
