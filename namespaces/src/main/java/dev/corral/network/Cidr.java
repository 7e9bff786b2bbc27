package dev.corral.network;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IP address and how many of its leading bits name the network it is in, as {@code 10.88.0.1/24} or {@code fd00::1/64}.
 *
 * @param address an IPv4 or IPv6 address; a scope is dropped
 * @param prefix the length of the network's part in bits: 0 to 32, or to 128
 */
public record Cidr(InetAddress address, int prefix) {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Refuses a prefix that is longer than the address with an IllegalArgumentException. */
    public Cidr {
        address = of(address.getAddress());
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + "/" + prefix + ": the prefix is between 0 and " + bits);
        }
    }

    /** Reads {@code ADDRESS/PREFIX}; host names are no addresses and are never looked up. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no address with a prefix, such as 10.88.0.1/24");
        }
        return new Cidr(address(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Reads an address without asking anybody what it might be the name of. */
    static InetAddress address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no IP address");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException malformed) {
            throw new IllegalArgumentException("\"" + text + "\" is no IP address", malformed);
        }
    }

    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException malformed) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length, malformed);
        }
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    /** Where the address stands in its network: 1 for 10.88.0.1/24. */
    BigInteger number() {
        return number(address);
    }

    private BigInteger number(InetAddress other) {
        return new BigInteger(1, other.getAddress()).and(hosts());
    }

    boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && new BigInteger(1, other.getAddress())
                        .andNot(hosts())
                        .equals(new BigInteger(1, address.getAddress()).andNot(hosts()));
    }

    /** The largest number a host can have: an IPv4 network keeps its last address for broadcasts. */
    BigInteger last() {
        return isIpv6() ? hosts() : hosts().subtract(BigInteger.ONE);
    }

    /** The address with a number, in the same network. */
    Cidr host(BigInteger number) {
        BigInteger all = new BigInteger(1, address.getAddress()).andNot(hosts()).or(number);
        byte[] digits = all.toByteArray();
        byte[] bytes = new byte[address.getAddress().length];
        int length = Math.min(digits.length, bytes.length);
        System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
        return new Cidr(of(bytes), prefix);
    }

    private BigInteger hosts() {
        int bits = address.getAddress().length * Byte.SIZE - prefix;
        return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    }

    /** As it is parsed: {@code 10.88.0.1/24}. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
