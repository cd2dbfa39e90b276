// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignedOffer} from "../../../src/trust/Proof.sol";
import {Receipts} from "./Receipts.sol";

/// @notice Offers written here a second time, from packages/protocol/src/offer.ts and RFC 8785 alone.
abstract contract Offers is Receipts {
    /// @dev The parts of an offer that tests alter; text as it stands in the JSON.
    struct OfferDraft {
        string chainId;
        string endpoint;
        string build;
        string name;
        string expires;
        string exposure;
        string features;
        string limits;
        string prices;
        string provider;
        string serves;
        string settlement;
        string withdrawDelay;
        string workload;
    }

    function offerDraft() internal view returns (OfferDraft memory) {
        return OfferDraft({
            chainId: "31337",
            endpoint: "http://127.0.0.1:8403",
            build: "b1",
            name: "llama.cpp",
            expires: "2000000000",
            exposure: "1000",
            features: '["chat","evidence"]',
            limits: '{"context":2048}',
            prices: '{"cached":"1","completion":"5","prompt":"2"}',
            provider: json.toString(provider),
            serves: servesOf(keccak256("served")),
            settlement: json.toString(SETTLEMENT),
            withdrawDelay: "3600",
            workload: "inference"
        });
    }

    function servesOf(bytes32 model) internal pure returns (string memory) {
        return string.concat('{"digest":"', digestText(model), '","name":"a-model","quantization":"Q4_K_M"}');
    }

    function writeOffer(OfferDraft memory it) internal pure returns (bytes memory) {
        string memory account = lower(json.toString(address(uint160(uint256(keccak256("account"))))));
        string memory text = string.concat('{"asset":"', account, '","chainId":', it.chainId, ',"endpoint":"');
        text = string.concat(text, it.endpoint, '","engine":{"build":"', it.build, '","name":"', it.name);
        text = string.concat(text, '"},"expires":', it.expires, ',"exposure":"', it.exposure, '","features":');
        text = string.concat(text, it.features, ',"limits":', it.limits, ',"minDeposit":"1","prices":', it.prices);
        text = string.concat(text, ',"provider":"', lower(it.provider), '","receiver":"', account);
        text = string.concat(text, '","receiverAuthorizer":"', account, '","serves":', it.serves, ',"settlement":"');
        text = string.concat(text, lower(it.settlement), '","version":"heddle/1","withdrawDelay":', it.withdrawDelay);
        return bytes(string.concat(text, ',"workload":"', it.workload, '"}'));
    }

    function signOffer(OfferDraft memory it) internal pure returns (SignedOffer memory) {
        return signOfferText(writeOffer(it));
    }

    function signOfferText(bytes memory text) internal pure returns (SignedOffer memory) {
        return SignedOffer(text, signStatement(PROVIDER_KEY, CHAIN, SETTLEMENT, "offer", sha256(text)));
    }
}
