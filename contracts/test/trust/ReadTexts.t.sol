// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {LibraryHarness} from "./support/LibraryHarness.sol";
import {Offers} from "./support/Offers.sol";

/// @notice Text has one form and one count of characters, UTF-16 units, in receipts and offers as in TypeScript.
contract ReadTextsTest is Offers {
    LibraryHarness private libraries = new LibraryHarness();

    // ------------------------------------------------------------- the vectors

    /// What TypeScript reads is read here, and what it refuses is refused: texts at all their bounds and beyond, altered
    /// in one place, and in another form.
    function test_vectors() external view {
        string memory file = vectors("texts");
        uint256 cases = casesOf(file);
        uint256 read;
        for (uint256 i = 0; i < cases; ++i) {
            bytes memory text = bytes(json.parseJsonString(file, string.concat(caseAt(i), ".input.text")));
            bool isOffer = same(json.parseJsonString(file, string.concat(caseAt(i), ".input.of")), "offer");
            bool wanted = json.parseJsonBool(file, string.concat(caseAt(i), ".output.reads"));
            vm.assertTrue((isOffer ? readsAsOffer(text) : readsAsReceipt(text)) == wanted, nameAt(file, i));
            if (wanted) ++read;
        }
        vm.assertGe(read, 60, "read");
        vm.assertGe(cases - read, 100, "refused");
    }

    // ------------------------------------------------------------- characters

    /// An astral character is two units.
    function test_astralCharactersAreTwoUnits() external view {
        for (uint256 count = 63; count < 67; ++count) {
            Draft memory it = draft();
            it.build = repeated(unicode"😀", count);
            vm.assertTrue(readsAsReceipt(write(it)) == count <= 64, "receipt");
            OfferDraft memory offer = offerDraft();
            offer.build = it.build;
            vm.assertTrue(readsAsOffer(writeOffer(offer)) == count <= 64, "offer");
        }
    }

    /// Each escape is one unit.
    function test_escapesAreOneUnit() external view {
        string[9] memory escapes = ["\\b", "\\t", "\\n", "\\f", "\\r", '\\"', "\\\\", "\\u0000", "\\u001f"];
        for (uint256 i = 0; i < escapes.length; ++i) {
            Draft memory it = draft();
            it.build = repeated(escapes[i], 128);
            vm.assertTrue(readsAsReceipt(write(it)), escapes[i]);
            it.build = repeated(escapes[i], 129);
            vm.assertFalse(readsAsReceipt(write(it)), escapes[i]);
        }
    }

    /// A byte that only continues a character begins none.
    function test_aCharacterDoesNotBeginWithAContinuation() external view {
        bytes memory text = write(draft());
        uint256 place = position(text, '"build":"') + 9;
        for (uint256 first = 0x80; first < 0xc0; ++first) {
            for (uint256 second = 0x80; second < 0xc0; second += 21) {
                bytes memory put = abi.encodePacked(uint8(first), uint8(second));
                vm.assertFalse(
                    readsAsReceipt(bytes.concat(slice(text, 0, place), put, rest(text, place))), "continuation"
                );
            }
        }
    }

    /// Nothing but the digits 0-9 and a-f passes for one, in either half of a word.
    function test_onlyDigitsAreDigits() external view {
        bytes memory text = write(draft());
        uint256 digits = position(text, '"channel":"0x') + 13;
        for (uint256 place = 0; place < 64; place += 21) {
            for (uint256 c = 1; c < 256; ++c) {
                if ((c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66)) continue;
                bytes memory copy = bytes.concat(text);
                copy[digits + place] = bytes1(uint8(c));
                vm.assertFalse(readsAsReceipt(copy), "no digit");
            }
        }
    }

    // ------------------------------------------------------------- names

    /// Units 17 to 32 of a name count in the order, astral ones as two; what stands before them is not forgotten.
    function test_namesThatDifferBehindTheirSixteenthUnit() external view {
        inOrder("aaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaac");
        inOrder(unicode"aaaaaaaaaaaaaaaa😀", unicode"aaaaaaaaaaaaaaaa😁");
        inOrder(unicode"aaaaaaaaaaaaaaa😀", unicode"aaaaaaaaaaaaaaa😁");
        inOrder(unicode"aaaaaaaaaaaaaaaab😁", unicode"aaaaaaaaaaaaaaaac😀");
        inOrder("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        inOrder(unicode"😀", unicode"\ue000");
        inOrder("a", "a\\u0000");
    }

    /// Only `__proto__` itself is no name.
    function test_oneTextIsNoName() external view {
        string[4] memory good = ["__proto__\\u0000", "__proto_", "__proto__a", "_proto__"];
        for (uint256 i = 0; i < good.length; ++i) {
            vm.assertTrue(readsAsReceipt(counting(string.concat('{"', good[i], '":"1"}'))), good[i]);
        }
        vm.assertFalse(readsAsReceipt(counting('{"__proto__":"1"}')), "__proto__");
    }

    // ------------------------------------------------------------- how many

    /// An offer has so many terms that it is read within a transaction, and no more.
    function test_sixteenPricesAndLimitsAtMost() external view {
        for (uint256 count = 15; count < 19; ++count) {
            OfferDraft memory it = offerDraft();
            it.limits = terms(count, "7");
            vm.assertTrue(readsAsOffer(writeOffer(it)) == count <= 16, "limits");
            it = offerDraft();
            it.prices = terms(count, '"7"');
            vm.assertTrue(readsAsOffer(writeOffer(it)) == count <= 16, "prices");
        }
    }

    function test_anEndpointIsNotEmpty() external view {
        OfferDraft memory it = offerDraft();
        it.endpoint = "";
        vm.assertFalse(readsAsOffer(writeOffer(it)), "empty");
        it.endpoint = repeated("a", 256);
        vm.assertTrue(readsAsOffer(writeOffer(it)), "full");
        it.endpoint = repeated("a", 257);
        vm.assertFalse(readsAsOffer(writeOffer(it)), "too long");
    }

    // ------------------------------------------------------------- what tests need

    function inOrder(string memory one, string memory other) private view {
        string memory turned = string.concat('{"', other, '":"2","', one, '":"1"}');
        vm.assertTrue(readsAsReceipt(counting(string.concat('{"', one, '":"1","', other, '":"2"}'))), one);
        vm.assertFalse(readsAsReceipt(counting(turned)), one);
        vm.assertFalse(readsAsReceipt(counting(string.concat('{"', one, '":"1","', one, '":"2"}'))), one);
    }

    function counting(string memory usage) private view returns (bytes memory) {
        Draft memory it = draft();
        it.usage = usage;
        return write(it);
    }

    function terms(uint256 count, string memory value) private pure returns (string memory text) {
        for (uint256 i = 0; i < count; ++i) {
            string memory name = string.concat(i < 10 ? "0" : "", json.toString(i));
            text = string.concat(text, i == 0 ? "" : ",", '"', name, '":', value);
        }
        return string.concat("{", text, "}");
    }

    function readsAsReceipt(bytes memory text) private view returns (bool) {
        try libraries.readReceipt(text, CHAIN, SETTLEMENT) {
            return true;
        } catch (bytes memory reason) {
            vm.assertTrue(bytes4(reason) == ProofErrors.MalformedText.selector, "reason");
            return false;
        }
    }

    function readsAsOffer(bytes memory text) private view returns (bool) {
        try libraries.readOffer(text) {
            return true;
        } catch (bytes memory reason) {
            vm.assertTrue(bytes4(reason) == ProofErrors.MalformedText.selector, "reason");
            return false;
        }
    }

    function repeated(string memory text, uint256 times) private pure returns (string memory whole) {
        for (uint256 i = 0; i < times; ++i) {
            whole = string.concat(whole, text);
        }
    }

    function position(bytes memory text, bytes memory piece) private pure returns (uint256 found) {
        for (;; ++found) {
            uint256 i = 0;
            while (i < piece.length && text[found + i] == piece[i]) ++i;
            if (i == piece.length) return found;
        }
    }

    function slice(bytes memory text, uint256 from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = text[from + i];
        }
    }

    function rest(bytes memory text, uint256 from) private pure returns (bytes memory) {
        return slice(text, from, text.length - from);
    }
}
