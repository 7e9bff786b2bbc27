package dev.corral;

/** A program with its arguments and everything that shall hold for it; immutable. */
public final class Command {
    private Command() {}
}
