package dev.corral.reconcile;

import java.util.List;
import java.util.function.UnaryOperator;

/** Runs controllers and loops over a store. */
public interface ControllerManager extends AutoCloseable {
    /** Adds a controller; before the start only. */
    <S, T> ControllerManager controller(Kind<S, T> kind, Reconciler<S, T> reconciler);

    /** Adds a controller; before the start only. */
    <S, T> ControllerManager controller(
            Kind<S, T> kind, Reconciler<S, T> reconciler, UnaryOperator<ControllerOptions> options);

    /** Adds a loop of effects over the resources of a kind, woken by every change of them; before the start only. */
    Loop loop(String name, Kind<?, ?> kind, KeyHandler handler);

    /** Adds a loop of effects over the resources of a kind, woken by every change of them; before the start only. */
    Loop loop(String name, Kind<?, ?> kind, KeyHandler handler, UnaryOperator<ControllerOptions> options);

    /** Takes in what is stored, then sets everything running. */
    ControllerManager start();

    /** The keys whose last pass failed. */
    List<Failure> failures();

    /** The latest events, oldest first. */
    List<Event> events();

    @Override
    void close();
}
